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
    ['/mail/spam', { name: 'mail', folder: 'spam', item: undefined }],
    ['/mail/folder/0123456789ab', { name: 'mail', folder: 'folder/0123456789ab', item: undefined }],
    ['/mail/label/0123456789ab/0a1b', { name: 'mail', folder: 'label/0123456789ab', item: '0a1b' }],
    ['/mail/folder', { name: 'not-found' }],
    ['/mail/folder/Taxes', { name: 'not-found' }],
    ['/mail/label/0123456789ab/0a1b/2', { name: 'not-found' }],
    ['/mail/custom', { name: 'not-found' }],
    ['/mail/inbox/1/2', { name: 'not-found' }],
    ['/settings/keys', { name: 'not-found' }],
    ['/elsewhere', { name: 'not-found' }],
  ])('reads %s', (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  it('reads back the paths it makes', () => {
    const place = `folder/${'a'.repeat(32)}` as const;
    expect(routeOf(mailPath(place, '0a1b'))).toEqual({ name: 'mail', folder: place, item: '0a1b' });
    expect(routeOf(mailPath('archive', '0a1b'))).toEqual({ name: 'mail', folder: 'archive', item: '0a1b' });
    expect(routeOf(mailPath('inbox'))).toEqual({ name: 'mail', folder: 'inbox', item: undefined });
  });
});
