import { MailError } from './errors';

/** Where there is no way to write a file as it comes: the most that is collected. */
export const MAX_COLLECTED_BYTES = 1_000_000_000;

/** Where a file goes, piece by piece. */
export interface FileSink {
  write(part: Blob | Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file is whole. What was collected, when it is not on the disk already. */
  close(): Promise<Blob | undefined>;
  /** Nothing of it is to be left. */
  abort(): Promise<void>;
}

/** Writes to the file that the person has chosen, or else collects. */
export async function sinkFor(target: FileSystemFileHandle | undefined): Promise<FileSink> {
  return target ? new DiskSink(await written(target.createWritable())) : new CollectingSink();
}

class DiskSink implements FileSink {
  readonly #stream: FileSystemWritableFileStream;

  constructor(stream: FileSystemWritableFileStream) {
    this.#stream = stream;
  }

  async write(part: Blob | Uint8Array<ArrayBuffer>): Promise<void> {
    await written(this.#stream.write(part));
  }

  async close(): Promise<undefined> {
    await written(this.#stream.close());
  }

  async abort(): Promise<void> {
    await this.#stream.abort().catch(() => undefined);
  }
}

class CollectingSink implements FileSink {
  #parts: BlobPart[] = [];
  #bytes = 0;

  async write(part: Blob | Uint8Array<ArrayBuffer>): Promise<void> {
    this.#bytes += part instanceof Blob ? part.size : part.byteLength;
    if (this.#bytes > MAX_COLLECTED_BYTES) {
      throw new MailError({
        code: 'export-too-large',
        message: 'This is more than this browser can save in one file. Export one folder after the other.',
      });
    }
    // In the browser's hands, who may put it on its own disk.
    this.#parts.push(part instanceof Blob ? part : new Blob([part]));
    return Promise.resolve();
  }

  close(): Promise<Blob> {
    return Promise.resolve(new Blob(this.#parts));
  }

  abort(): Promise<void> {
    this.#parts = [];
    return Promise.resolve();
  }
}

async function written<Value>(writing: Promise<Value>): Promise<Value> {
  try {
    return await writing;
  } catch {
    throw new MailError({
      code: 'file-not-written',
      message:
        'The file could not be written. Is there room left on the disk? Choose another place and try again.',
    });
  }
}
