import { describe, expect, it } from 'vitest';
import { mailPath, routeOf } from './routes';

describe('routeOf', () => {
  it.each([
    ['/', { name: 'login' }],
    ['/signup', { name: 'signup' }],
    ['/forgot/', { name: 'forgot' }],
    ['/settings', { name: 'settings' }],
    ['/mail', { name: 'mail', folder: 'inbox', item: undefined }],
    ['/mail/sent', { name: 'mail', folder: 'sent', item: undefined }],
    ['/mail/trash/0a1b', { name: 'mail', folder: 'trash', item: '0a1b' }],
    ['/mail/spam', { name: 'not-found' }],
    ['/mail/inbox/1/2', { name: 'not-found' }],
    ['/settings/keys', { name: 'not-found' }],
    ['/elsewhere', { name: 'not-found' }],
  ])('reads %s', (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  it('reads back the paths it makes', () => {
    expect(routeOf(mailPath('archive', '0a1b'))).toEqual({ name: 'mail', folder: 'archive', item: '0a1b' });
    expect(routeOf(mailPath('inbox'))).toEqual({ name: 'mail', folder: 'inbox', item: undefined });
  });
});
