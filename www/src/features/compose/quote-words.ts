import type { MessageView, QuoteWords } from '../../crypto/views';
import { t } from '../../i18n';
import { fullDate } from '../../i18n/formats';

/** What stands above this message where it is answered or passed on: in the language and the time of who answers. */
export function quoteWords({ from, dateMs }: MessageView): QuoteWords {
  const date = fullDate(dateMs);
  return {
    wrote: t('compose:quote.wrote', { date, author: from.name || from.address }),
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
