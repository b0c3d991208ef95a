/** A program that speaks the stateless OpenPGP interface (draft-dkg-openpgp-stateless-cli). */
import type { Correspondent, Lock, Opened, Payload, Verdict } from '../correspondent.ts';
import { fingerprintOf } from '../packets.ts';
import { Failed, Folder, attempt, run } from './shell.ts';

const BOB = 'Bob <bob@example.net>';
/** The draft's exit code for want of an acceptable signature. */
const NO_SIGNATURE = 3;

export class Sop implements Correspondent {
  private constructor(
    readonly program: string,
    private readonly command: string,
    private readonly folder: Folder,
    private readonly key: Uint8Array,
    private readonly lock?: Lock,
  ) {}

  static async make(command: string, lock?: Lock): Promise<Sop> {
    const [version = ''] = (await run(command, ['version'])).stdout.toString().split('\n');
    const folder = await Folder.make();
    const words = ['generate-key', ...BINARY, ...(await unlocking(folder, lock)), BOB];
    return new Sop(version, command, folder, (await run(command, words)).stdout, lock);
  }

  certificate(armored = false): Promise<Uint8Array> {
    return this.run(['extract-cert', ...(armored ? [] : BINARY)], this.key);
  }

  /** The interface tells no fingerprints: a certificate that can be encrypted to is one that was read. */
  async fingerprintOf(certificate: Uint8Array): Promise<string> {
    await this.run(['encrypt', await this.folder.file(certificate)], 'text');
    return fingerprintOf(certificate);
  }

  async secretKey(): Promise<Uint8Array> {
    return this.key;
  }

  locked(lock: Lock): Promise<Correspondent> {
    return Sop.make(this.command, lock);
  }

  async inPlaceOf(secretKey: Uint8Array, lock?: Lock): Promise<Correspondent> {
    return new Sop(this.program, this.command, await Folder.make(), secretKey, lock);
  }

  async encrypt(payload: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array> {
    const signing = signed ? [...(await this.unlocking()), `--sign-with=${await this.keyFile()}`] : [];
    const words = ['encrypt', ...modes(payload), ...signing, await this.folder.file(to)];
    return this.run(words, payload.octets);
  }

  /** The interface tells no bad signature from none. */
  async decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const words = ['decrypt', ...(await this.unlocking()), await this.keyFile()];
    const verifying = [
      `--verify-with=${await this.folder.file(signer)}`,
      `--verifications-out=${this.folder.unused()}`,
    ];
    const ended = await attempt(this.command, [...words, ...verifying], message);
    if (ended.code === 0) return { octets: ended.stdout, verdict: 'valid' };
    if (ended.code !== NO_SIGNATURE) throw new Failed('decrypt', ended);
    return { octets: await this.run(words, message), verdict: 'unsigned' };
  }

  async sign(payload: Payload): Promise<Uint8Array> {
    const words = ['inline-sign', ...modes(payload), ...(await this.unlocking()), await this.keyFile()];
    return this.run(words, payload.octets);
  }

  async verify(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const octets = await this.run(['inline-verify', await this.folder.file(signer)], message);
    return { octets, verdict: 'valid' };
  }

  async signDetached(payload: Payload): Promise<Uint8Array> {
    const words = ['sign', ...modes(payload), ...(await this.unlocking()), await this.keyFile()];
    return this.run(words, payload.octets);
  }

  async verifyDetached(octets: Uint8Array, signature: Uint8Array, signer: Uint8Array): Promise<Verdict> {
    const words = ['verify', await this.folder.file(signature), await this.folder.file(signer)];
    const ended = await attempt(this.command, words, octets);
    if (ended.code === NO_SIGNATURE) return 'not valid';
    if (ended.code !== 0) throw new Failed('verify', ended);
    return 'valid';
  }

  close(): Promise<void> {
    return this.folder.remove();
  }

  private keyFile(): Promise<string> {
    return this.folder.file(this.key);
  }

  private unlocking(): Promise<string[]> {
    return unlocking(this.folder, this.lock);
  }

  private async run(words: string[], input: Uint8Array | string): Promise<Uint8Array> {
    return (await run(this.command, words, input)).stdout;
  }
}

const BINARY = ['--no-armor'];

const modes = ({ isText }: Payload): string[] => (isText ? ['--as=text'] : BINARY);

async function unlocking(folder: Folder, lock: Lock | undefined): Promise<string[]> {
  return lock ? [`--with-key-password=${await folder.file(lock.passphrase)}`] : [];
}
