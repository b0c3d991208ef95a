import { describe, expect, it } from 'vitest';
import { codeText, compare, readCode } from './safety-number';

const NUMBER = '17193 40136 34574 20960 01947 55401 32368 87595 96035 39411 91587 53344';
const digits = NUMBER.replaceAll(' ', '');

describe('safety numbers', () => {
  it('are compared by their digits, however they were written', () => {
    const arabic = digits.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? '');
    for (const theirs of [NUMBER, digits, ` ${NUMBER.replaceAll(' ', '\n')} `, arabic, `Ours: ${NUMBER}`]) {
      expect(compare(NUMBER, theirs), theirs).toBe('same');
    }
    expect(compare(NUMBER, NUMBER.replace('1', '2'))).toBe('different');
    expect(compare(NUMBER, '17193 40136')).toBe('incomplete');
    expect(compare(NUMBER, ' no digits ')).toBe('nothing');
  });

  it('travel in a code that nothing else is taken for', () => {
    expect(readCode(codeText(NUMBER))).toBe(digits);
    for (const other of [
      digits,
      'https://example.org/',
      'S-MAIL-SAFETY-1:123',
      `S-MAIL-SAFETY-2:${digits}`,
    ]) {
      expect(readCode(other), other).toBeUndefined();
    }
  });
});
