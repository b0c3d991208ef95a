import type { MessageView, QuoteWords } from '../../crypto/views';
import { t } from '../../i18n';
import { withoutTurning } from '../../i18n/isolate';
import { fullDate } from '../../i18n/formats';

/** What stands above this message where it is answered or passed on: in the language and the time of who answers. */
export function quoteWords({ from, dateMs }: MessageView): QuoteWords {
  const date = fullDate(dateMs);
  return {
    // Other programs show them, and what is sent is a line of its own.
    wrote: withoutTurning(t('compose:quote.wrote', { date, author: from.name || from.address })),
    forwarded: t('compose:quote.forwarded'),
    date,
    fields: {
      from: t('reader:from'),
      date: t('reader:date'),
      subject: t('compose:field.subject'),
      to: t('reader:to'),
      cc: t('reader:cc'),
    },
  };
}
