import { describe, expect, it } from 'vitest';
import { kitFileName, kitText } from './recovery-kit';

describe('kitText', () => {
  const text = kitText({
    account: { username: 'alice', address: 'alice@localhost' },
    code: 'ABCD-EFGH-JKLM',
    madeMs: Date.UTC(2026, 10, 22),
    origin: 'https://mail.example',
  });

  it.each(['alice@localhost', 'ABCD-EFGH-JKLM', '2026-11-22', 'https://mail.example/forgot'])(
    'holds %s',
    (part) => {
      expect(text).toContain(part);
    },
  );
});

describe('kitFileName', () => {
  it('names whose it is', () => {
    expect(kitFileName('alice')).toBe('s-mail-recovery-kit-alice.txt');
  });
});
