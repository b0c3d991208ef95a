import { describe, expect, it } from 'vitest';
import { mailPath, routeOf } from './routes';

describe('routeOf', () => {
  it.each([
    ['/', { name: 'login' }],
    ['/signup', { name: 'signup' }],
    ['/forgot/', { name: 'forgot' }],
    ['/contacts', { name: 'contacts', group: undefined, person: undefined }],
    ['/contacts/new', { name: 'contacts', group: undefined, person: 'new' }],
    ['/contacts/a0123456789f', { name: 'contacts', group: undefined, person: 'a0123456789f' }],
    ['/contacts/group/0a0b0c0d0e0f', { name: 'contacts', group: '0a0b0c0d0e0f', person: undefined }],
    [
      '/contacts/group/0a0b0c0d0e0f/a0123456789f',
      { name: 'contacts', group: '0a0b0c0d0e0f', person: 'a0123456789f' },
    ],
    ['/contacts/group', { name: 'not-found' }],
    ['/contacts/bob', { name: 'not-found' }],
    ['/contacts/a0123456789f/a0123456789f', { name: 'not-found' }],
    ['/settings', { name: 'settings', part: 'general' }],
    ['/settings/keys', { name: 'settings', part: 'keys' }],
    ['/settings/keys/more', { name: 'not-found' }],
    ['/settings/elsewhere', { name: 'not-found' }],
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
