/** RNP's two programs, each pair with a home of its own. */
import { dirname, join } from 'node:path';
import type { Correspondent, Lock, Opened, Payload, Verdict } from '../correspondent.ts';
import { nameRecipient, withoutArmor } from '../packets.ts';
import { Failed, Folder, attempt, run, type Ended } from './shell.ts';

const BOB = 'bob@example.net';
/** Its number for these in the list that `--expert` offers. */
const EDDSA_AND_X25519 = 22;
const rnp = process.env['RNP'] ?? 'rnp';
/** Beside it, if the path is known. */
const rnpkeys = dirname(rnp) === '.' ? 'rnpkeys' : join(dirname(rnp), 'rnpkeys');

/** What it is helped with. */
export interface Help {
  /** Parts of keys that it does not know are left out, instead of the whole key. */
  permissive?: boolean;
  /** A message for an anonymous recipient gets the ID of its key, which no tag protects. */
  named?: boolean;
}

export class Rnp implements Correspondent {
  private own = '';
  /** Certificates that are in its keyring, with their fingerprints. */
  private certificates = new Map<string, string>();
  private constructor(
    readonly program: string,
    private readonly curves: boolean,
    private readonly folder: Folder,
    private readonly passphrase: string,
    private readonly help: Help = {},
  ) {}

  /** Makes RSA keys, which is what it does unless told otherwise, or Ed25519 and X25519 in their older forms. */
  static async make(curves: boolean, passphrase = ''): Promise<Rnp> {
    const made = await Rnp.empty(curves, passphrase);
    const words = ['--userid', BOB, ...(curves ? ['--expert'] : []), '--generate-key'];
    made.own = await made.learned(words, `${EDDSA_AND_X25519}\n`);
    return made;
  }

  private static async empty(curves: boolean, passphrase: string, help: Help = {}): Promise<Rnp> {
    const { stdout } = await run(rnp, ['--version']);
    const version = /^rnp (\d+\.\d+\.\d+)/.exec(stdout.toString())?.[1];
    return new Rnp(`RNP ${version}`, curves, await Folder.make(), passphrase, help);
  }

  /** The same, helped. */
  helped(help: Help): Rnp {
    const same = new Rnp(this.program, this.curves, this.folder, this.passphrase, help);
    same.own = this.own;
    same.certificates = this.certificates;
    return same;
  }

  async certificate(armored = false): Promise<Uint8Array> {
    const { stdout } = await this.keys(['--export-key', this.own]);
    return armored ? stdout : withoutArmor(stdout);
  }

  /** In a home of its own: nothing is told of what is known. */
  async fingerprintOf(certificate: Uint8Array): Promise<string> {
    const other = await this.inPlaceOf(certificate);
    await other.close();
    return other.own;
  }

  async secretKey(): Promise<Uint8Array> {
    return withoutArmor((await this.keys(['--export-key', '--secret', this.own])).stdout);
  }

  locked({ passphrase }: Lock): Promise<Correspondent> {
    return Rnp.make(this.curves, passphrase);
  }

  async inPlaceOf(key: Uint8Array, lock?: Lock): Promise<Rnp> {
    const other = await Rnp.empty(this.curves, lock?.passphrase ?? '', this.help);
    other.own = await other.learned([...this.leniency(), '--import', await other.folder.file(key)]);
    return other;
  }

  async encrypt(payload: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array> {
    const recipient = await this.known(to);
    const signing = signed ? ['--sign', '--userid', this.own] : [];
    const words = [...modes(payload), '--encrypt', '--recipient', recipient, ...signing];
    return (await this.run(words, payload.octets)).stdout;
  }

  async decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const fingerprint = await this.known(signer);
    const read = this.help.named ? await nameRecipient(message, await this.encryptionKeyId()) : message;
    const { stdout, said } = await this.run(['--decrypt'], read);
    return { octets: stdout, verdict: verdict(said, fingerprint) };
  }

  async sign(payload: Payload): Promise<Uint8Array> {
    return (await this.run([...modes(payload), '--sign', '--userid', this.own], payload.octets)).stdout;
  }

  async verify(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const fingerprint = await this.known(signer);
    const { stdout, said } = await this.run(['--decrypt'], message);
    return { octets: stdout, verdict: verdict(said, fingerprint) };
  }

  async signDetached(payload: Payload): Promise<Uint8Array> {
    const words = [...modes(payload), '--sign', '--detach', '--userid', this.own];
    return (await this.run(words, payload.octets)).stdout;
  }

  async verifyDetached(octets: Uint8Array, signature: Uint8Array, signer: Uint8Array): Promise<Verdict> {
    const fingerprint = await this.known(signer);
    const [signed, made] = [await this.folder.file(octets), await this.folder.file(signature)];
    const ended = await this.attempt(rnp, ['--verify', made, '--source', signed]);
    const found = verdict(ended.said, fingerprint);
    if (ended.code !== 0 && found !== 'not valid') throw new Failed('rnp --verify', ended);
    return found;
  }

  close(): Promise<void> {
    return this.folder.remove();
  }

  /** The fingerprint of a certificate that is in its keyring from now on, as far as it knows its parts. */
  private async known(certificate: Uint8Array): Promise<string> {
    const name = Buffer.from(certificate).toString('base64');
    const known = this.certificates.get(name);
    if (known) return known;
    const fingerprint = await this.helped({ permissive: true }).fingerprintOf(certificate);
    await this.keys(['--permissive', '--import', await this.folder.file(certificate)]);
    this.certificates.set(name, fingerprint);
    return fingerprint;
  }

  /** The fingerprint of the key that a command makes or takes. */
  private async learned(words: string[], input = ''): Promise<string> {
    const { stdout, said } = await this.keys(words, input);
    const fingerprint = /^ {6}([0-9a-f]{40,64})$/m.exec(stdout.toString())?.[1];
    if (!fingerprint) throw new Error(`rnpkeys ${words.join(' ')} learned no key: ${said}`);
    return fingerprint.toUpperCase();
  }

  private async encryptionKeyId(): Promise<string> {
    const { stdout } = await this.keys(['--list-keys', this.own]);
    const id = /^sub .* ([0-9a-f]{16}) .*\[E\]/m.exec(stdout.toString())?.[1];
    if (!id) throw new Error(`no key to encrypt to: ${stdout.toString()}`);
    return id;
  }

  private leniency(): string[] {
    return this.help.permissive ? ['--permissive'] : [];
  }

  private run(words: string[], input: Uint8Array): Promise<Ended> {
    return this.succeed(rnp, [...words, '--output', '-'], input);
  }

  private keys(words: string[], input = ''): Promise<Ended> {
    return this.succeed(rnpkeys, words, input);
  }

  private async succeed(program: string, words: string[], input: Uint8Array | string): Promise<Ended> {
    const ended = await this.attempt(program, words, input);
    if (ended.code !== 0) throw new Failed(`${program} ${words[0] ?? ''}`, ended);
    return ended;
  }

  private async attempt(program: string, words: string[], input: Uint8Array | string = ''): Promise<Ended> {
    const always = ['--homedir', this.folder.path, '--notty', '--password', this.passphrase];
    const ended = await attempt(program, [...always, ...words], input);
    return { ...ended, said: ended.said.replaceAll(/^.*unknown subpacket : \d+\n/gm, '') };
  }
}

const modes = ({ isText }: Payload): string[] => (isText ? ['--armor'] : []);

function verdict(said: string, signer: string): Verdict {
  if (/^BAD signature|^Signature verification failure/m.test(said)) return 'not valid';
  if (!said.includes('Good signature')) return 'unsigned';
  return said.includes(signer.toLowerCase()) ? 'valid' : 'not valid';
}
