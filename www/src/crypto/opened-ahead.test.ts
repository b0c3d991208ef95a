import { expect, test, vi } from 'vitest';
import { OpenedAhead } from './opened-ahead';

test('a message is opened ahead once at a time, and read after that', async () => {
  const ahead = new OpenedAhead();
  let resolve: () => void = () => undefined;
  const open = vi.fn(() => new Promise<void>((done) => (resolve = done)));
  const begun = [ahead.begin('a', open), ahead.begin('a', open)];
  const read = vi.fn();
  const reading = ahead.settled('a').then(read);
  await ahead.settled('b');
  expect(read).not.toHaveBeenCalled();
  resolve();
  await Promise.all([...begun, reading]);
  expect(open).toHaveBeenCalledOnce();
  void ahead.begin('a', open);
  expect(open).toHaveBeenCalledTimes(2);
});

test('who reads what could not be opened ahead hears why', async () => {
  const ahead = new OpenedAhead();
  const begun = ahead.begin('a', () => Promise.reject(new Error('a trap')));
  const reading = ahead.settled('a');
  await expect(begun).rejects.toThrow('a trap');
  await expect(reading).rejects.toThrow('a trap');
  await ahead.settled('a');
});
