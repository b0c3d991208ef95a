import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClient } from '../../../test/fake-client';
import type { AttachmentView } from '../../crypto/views';
import { AttachmentFiles } from './attachment-files.svelte';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);

function attachment(index: number, name: string): AttachmentView {
  return {
    index,
    name,
    nameChanged: false,
    mediaType: 'image/png',
    sizeBytes: 9,
    contentId: undefined,
    inline: false,
    mayRun: false,
  };
}

describe('AttachmentFiles', () => {
  let service: FakeClient;
  let files: AttachmentFiles;
  const said: string[] = [];
  const saved: string[] = [];

  beforeEach(() => {
    service = new FakeClient({ delayMs: 0 });
    said.length = 0;
    saved.length = 0;
    files = new AttachmentFiles(service, 'item', (sentence) => said.push(sentence));
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
  });

  it('saves one under its name, and all in turn', async () => {
    await files.save(attachment(0, 'a.png'));
    await files.saveAll([attachment(1, 'b.png'), attachment(2, 'c.png')]);
    expect(saved).toEqual(['a.png', 'b.png', 'c.png']);
    expect(files.busy).toEqual([]);
  });

  it('says what is being done for one that is on its way', async () => {
    const seen: unknown[] = [];
    const take = service.attachment.bind(service);
    vi.spyOn(service, 'attachment').mockImplementation((id, index, onStep) =>
      take(id, index, (step) => {
        onStep(step);
        seen.push(files.steps.get(index));
      }),
    );
    await files.save(attachment(3, 'a.png'));
    expect(seen).toEqual(['downloading', 'decrypting']);
    expect(files.steps.size).toBe(0);
  });

  it('stops at the first that does not come, and says why', async () => {
    service.failNext('attachment', { code: 'offline', message: 'No connection.' });
    await files.saveAll([attachment(0, 'a.png'), attachment(1, 'b.png')]);
    expect(saved).toEqual([]);
    expect(said).toEqual(['No connection.']);
  });

  it('shows pictures and nothing that only says to be one', async () => {
    service.octets.set('item/0', PNG);
    await files.view(attachment(0, 'a.png'));
    expect(files.picture?.url).toMatch(/^blob:/);
    files.close();
    expect(files.picture).toBeUndefined();
    service.octets.set('item/1', new TextEncoder().encode('<svg onload="alert(1)"/>'));
    await files.view(attachment(1, 'b.png'));
    expect(files.picture).toBeUndefined();
    expect(said[0]).toMatch(/not a picture/);
  });
});
