/** GnuPG, each with a home of its own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Correspondent, Lock, Opened, Payload, Verdict } from '../correspondent.ts';
import { Failed, Folder, attempt, run, type Ended } from './shell.ts';

const BOB = 'bob@example.net';
/** What the agent hashes to lock a key; left to itself it takes what lasts a tenth of a second. */
const FEWEST_OCTETS_HASHED = 65_536;
const gpg = process.env['GPG'] ?? 'gpg';

/** As `--quick-gen-key` and `--quick-add-key` name them. */
export interface Algorithms {
  primary: string;
  subkey: string;
}

export class GnuPg implements Correspondent {
  /** Certificates that are in its keyring, with their fingerprints. */
  private readonly known = new Map<string, string>();
  private own = '';
  private constructor(
    readonly program: string,
    private readonly algorithms: Algorithms,
    private readonly passphrase: string,
    private readonly folder: Folder,
  ) {}

  static async make(algorithms: Algorithms, passphrase = ''): Promise<GnuPg> {
    const made = await GnuPg.empty(algorithms, passphrase);
    await made.run(['--quick-gen-key', BOB, algorithms.primary, 'cert,sign', 'never']);
    made.own = await made.onlySecretKey();
    await made.run(['--quick-add-key', made.own, algorithms.subkey, 'encrypt', 'never']);
    return made;
  }

  private static async empty(algorithms: Algorithms, passphrase: string): Promise<GnuPg> {
    const { stdout } = await run(gpg, ['--version']);
    const version = /^gpg \(GnuPG\) (\S+)/.exec(stdout.toString())?.[1];
    const folder = await Folder.make();
    await writeFile(join(folder.path, 'gpg-agent.conf'), `s2k-count ${FEWEST_OCTETS_HASHED}\n`);
    return new GnuPg(`GnuPG ${version}`, algorithms, passphrase, folder);
  }

  async certificate(armored = false): Promise<Uint8Array> {
    return (await this.run([...form(armored), '--export', this.own])).stdout;
  }

  async fingerprintOf(certificate: Uint8Array): Promise<string> {
    const name = Buffer.from(certificate).toString('base64');
    const known = this.known.get(name);
    if (known) return known;
    const { said } = await this.run(['--import'], certificate);
    const fingerprint = /IMPORT_OK \d+ ([0-9A-F]+)/.exec(said)?.[1];
    if (!fingerprint) throw new Error(`no certificate was imported: ${said}`);
    this.known.set(name, fingerprint);
    return fingerprint;
  }

  async secretKey(): Promise<Uint8Array> {
    return (await this.run(['--export-secret-keys', this.own])).stdout;
  }

  locked({ passphrase }: Lock): Promise<Correspondent> {
    return GnuPg.make(this.algorithms, passphrase);
  }

  async inPlaceOf(secretKey: Uint8Array, lock?: Lock): Promise<Correspondent> {
    const other = await GnuPg.empty(this.algorithms, lock?.passphrase ?? '');
    await other.run(['--import'], secretKey);
    other.own = await other.onlySecretKey();
    return other;
  }

  async encrypt(payload: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array> {
    const recipient = await this.fingerprintOf(to);
    const signing = signed ? ['--sign', '--local-user', this.own] : [];
    const words = [...modes(payload), '--encrypt', '--recipient', recipient, ...signing];
    return (await this.run(words, payload.octets)).stdout;
  }

  async decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const fingerprint = await this.fingerprintOf(signer);
    const { stdout, said } = await this.run(['--decrypt'], message);
    if (!said.includes('DECRYPTION_OKAY')) throw new Error(`not decrypted: ${said}`);
    return { octets: stdout, verdict: verdict(said, fingerprint) };
  }

  async sign(payload: Payload): Promise<Uint8Array> {
    return (await this.run([...modes(payload), '--sign', '--local-user', this.own], payload.octets)).stdout;
  }

  async verify(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const fingerprint = await this.fingerprintOf(signer);
    const { stdout, said } = await this.run(['--decrypt'], message);
    return { octets: stdout, verdict: verdict(said, fingerprint) };
  }

  async signDetached(payload: Payload): Promise<Uint8Array> {
    const words = [...modes(payload), '--detach-sign', '--local-user', this.own];
    return (await this.run(words, payload.octets)).stdout;
  }

  async verifyDetached(octets: Uint8Array, signature: Uint8Array, signer: Uint8Array): Promise<Verdict> {
    const fingerprint = await this.fingerprintOf(signer);
    const ended = await this.attempt(['--verify', await this.folder.file(signature), '-'], octets);
    const found = verdict(ended.said, fingerprint);
    if (ended.code !== 0 && !ended.said.includes('BADSIG')) throw new Failed('gpg --verify', ended);
    return found;
  }

  async close(): Promise<void> {
    await attempt('gpgconf', ['--homedir', this.folder.path, '--kill', 'all']);
    await this.folder.remove();
  }

  private async onlySecretKey(): Promise<string> {
    const { stdout } = await this.run(['--list-secret-keys', '--with-colons']);
    const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(stdout.toString())?.[1];
    if (!fingerprint) throw new Error('GnuPG has no secret key');
    return fingerprint;
  }

  private async run(words: string[], input: Uint8Array | string = ''): Promise<Ended> {
    const ended = await this.attempt(words, input);
    if (ended.code !== 0) throw new Failed(`gpg ${words.find((word) => word.startsWith('--'))}`, ended);
    return ended;
  }

  private attempt(words: string[], input: Uint8Array | string): Promise<Ended> {
    const always = ['--batch', '--yes', '--no-tty', '--trust-model', 'always', '--status-fd', '2'];
    const passphrase = ['--pinentry-mode', 'loopback', '--passphrase', this.passphrase];
    return attempt(gpg, ['--homedir', this.folder.path, ...always, ...passphrase, ...words], input);
  }
}

const form = (armored: boolean): string[] => (armored ? ['--armor'] : []);
const modes = ({ isText }: Payload): string[] => (isText ? ['--textmode', '--armor'] : []);

function verdict(said: string, signer: string): Verdict {
  if (/\] (BADSIG|ERRSIG|EXPSIG|EXPKEYSIG|REVKEYSIG) /.test(said)) return 'not valid';
  const valid = /\] VALIDSIG .*?([0-9A-F]{40})$/m.exec(said)?.[1];
  if (!valid) return 'unsigned';
  return valid === signer ? 'valid' : 'not valid';
}
