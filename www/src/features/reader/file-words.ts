import type { IconName } from '../../ui/icons';

/** A size for a person. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const isMega = bytes >= 999_500;
  const count = bytes / (isMega ? 1_000_000 : 1_000);
  return `${count < 10 ? Math.round(count * 10) / 10 : Math.round(count)} ${isMega ? 'MB' : 'kB'}`;
}

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
  if (mediaType === 'application/octet-stream') return 'File';
  if (mediaType === 'message/rfc822') return 'Message';
  if (mediaType === 'application/pdf') return 'PDF';
  if (kind === 'image')
    return `${subtype
      .replace(/^x-/, '')
      .replace(/\+xml$/, '')
      .toUpperCase()} picture`;
  return subtype.length <= 12 ? subtype.replace(/^x-/, '') : 'File';
}
