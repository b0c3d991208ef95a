import { t } from '../../i18n';
import type { IconName } from '../../ui/icons';

/** The picture that stands for a type of file. */
export function typeIcon(mediaType: string): IconName {
  const [kind] = mediaType.split('/');
  if (kind === 'image') return 'picture';
  if (kind === 'audio') return 'sound';
  if (kind === 'video') return 'film';
  if (kind === 'message') return 'mail';
  if (/zip|compressed|x-tar|gzip|x-7z|x-rar/.test(mediaType)) return 'archived';
  if (kind === 'text' || /pdf|word|document|sheet|presentation|rtf/.test(mediaType)) return 'document';
  return 'file';
}

/** What a type is called. */
export function typeText(mediaType: string): string {
  const [kind = '', subtype = ''] = mediaType.split('/');
  if (mediaType === 'application/octet-stream') return t('reader:file');
  if (mediaType === 'message/rfc822') return t('reader:fileMessage');
  if (mediaType === 'application/pdf') return 'PDF';
  if (kind === 'image') {
    const type = subtype.replace(/^x-/, '').replace(/\+xml$/, '');
    return t('reader:picture', { type: type.toUpperCase() });
  }
  return subtype.length <= 12 ? subtype.replace(/^x-/, '') : t('reader:file');
}
