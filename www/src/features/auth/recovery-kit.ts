import type { AccountInfo } from '../../crypto/views';
import { t } from '../../i18n';

/** What a recovery kit holds. */
export interface KitContents {
  account: Pick<AccountInfo, 'username' | 'address'>;
  code: string;
  madeMs: number;
  /** Where the web app is. */
  origin: string;
}

/** The recovery kit as a text file. */
export function kitText({ account, code, madeMs, origin }: KitContents): string {
  return [
    t('auth:file.title'),
    '===================',
    '',
    t('auth:file.username', { name: account.username }),
    t('auth:file.address', { address: account.address }),
    t('auth:file.made', { date: new Date(madeMs).toISOString().slice(0, 10) }),
    '',
    t('auth:file.code', { code }),
    '',
    t('auth:file.ifForgotten'),
    '---------------------------',
    t('auth:file.open', { link: `${origin}/forgot` }),
    t('auth:file.type'),
    t('auth:file.choose'),
    '',
    t('auth:file.keepSafe'),
    '------------',
    t('auth:file.whoever'),
    t('auth:file.nobody'),
    '',
  ].join('\n');
}

export function kitFileName(username: string): string {
  return `s-mail-recovery-kit-${username}.txt`;
}

/** Hands a text to the browser as a download. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
