import { expect, test } from 'vitest';
import { ruleFor } from './rules';

const ID = '0123456789abcdef0123456789abcdef';

test('each request is kept as it should be, and writes never', () => {
  const of = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string) =>
    ruleFor({ method, path: `/api/v1/${path}` })?.kind;
  expect(of('GET', `blobs/${ID}${ID}`)).toBe('blob');
  expect(of('GET', 'mailboxes')).toBe('latest');
  expect(of('GET', `mailboxes/${ID}/items?limit=100`)).toBe('latest');
  expect(of('GET', `items/${ID}`)).toBe('latest');
  expect(of('GET', 'changes?since=7&limit=500')).toBe('changes');
  expect(of('GET', 'account')).toBe('start');
  expect(of('GET', 'state')).toBe('start');
  expect(of('POST', 'directory/lookup')).toBe('lookup');
  expect(of('POST', 'auth/login/finish')).toBe('opening');
  expect(of('POST', 'auth/login/second-factor')).toBe('opening');
  for (const path of ['deliver', 'blobs', 'auth/login/start', 'auth/logout'])
    expect(of('POST', path)).toBeUndefined();
  for (const path of [`items/${ID}`, `state/${ID}`, `mailboxes/${ID}`])
    expect(of('PUT', path)).toBeUndefined();
  expect(of('DELETE', `items/${ID}?version=1`)).toBeUndefined();
  expect(of('GET', 'sessions')).toBeUndefined();
});
