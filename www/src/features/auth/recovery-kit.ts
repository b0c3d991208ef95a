import type { AccountInfo } from '../../crypto/views';

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
    'S-MAIL RECOVERY KIT',
    '===================',
    '',
    `Username:       ${account.username}`,
    `Address:        ${account.address}`,
    `Made on:        ${new Date(madeMs).toISOString().slice(0, 10)}`,
    '',
    `Recovery code:  ${code}`,
    '',
    'If you forget your password',
    '---------------------------',
    `1. Open ${origin}/forgot`,
    '2. Type your username and the recovery code above.',
    '3. Choose a new password. Your mail is all there again.',
    '',
    'Keep it safe',
    '------------',
    'Whoever has this code can open your mail. Print it, or keep it in a password manager; do not send it to anyone.',
    'Nobody can make this code again for you. A new kit, made in Settings, makes this one useless.',
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
