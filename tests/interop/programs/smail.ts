/** Our own package. */
import * as smail from '@s-mail/crypto';
import {
  encoded,
  type Correspondent,
  type Lock,
  type Opened,
  type Payload,
  type Verdict,
} from '../correspondent.ts';

export const ALICE = 'alice@example.org';

export class SMail implements Correspondent {
  readonly program = `@s-mail/crypto ${smail.version()}`;
  protected constructor(
    protected readonly key: smail.SecretKey,
    private readonly lock?: Lock,
  ) {}

  static async make(): Promise<SMail> {
    await smail.init();
    return new SMail(smail.SecretKey.generate(ALICE));
  }

  async certificate(armored = false): Promise<Uint8Array> {
    const certificate = this.key.certificate();
    return armored ? encoded(certificate.toArmored()) : certificate.toBytes();
  }

  async fingerprintOf(octets: Uint8Array): Promise<string> {
    const certificate = smail.Certificate.fromBytes(octets);
    certificate.ensureUsable();
    return certificate.fingerprint.replaceAll(' ', '');
  }

  async secretKey(): Promise<Uint8Array> {
    if (!this.lock) return this.key.toBytes();
    const { passphrase, form } = this.lock;
    return this.key.toLocked(passphrase, form === 'RFC 4880' ? 'rfc4880' : 'rfc9580');
  }

  async locked(lock: Lock): Promise<Correspondent> {
    return new SMail(smail.SecretKey.fromBytes(this.key.toBytes()), lock);
  }

  async inPlaceOf(secretKey: Uint8Array, lock?: Lock): Promise<Correspondent> {
    return new SMail(
      lock ? smail.SecretKey.fromLocked(secretKey, lock.passphrase) : smail.SecretKey.fromBytes(secretKey),
    );
  }

  async encrypt(payload: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array> {
    const message = signed
      ? await smail.encryptAndSign(payload.octets, this.key, certificates(to))
      : await smail.encrypt(payload.octets, certificates(to));
    return written('message', message, payload);
  }

  async decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const { plaintext, signature } = await smail.decryptAndVerify(message, this.key, certificates(signer));
    return { octets: plaintext, verdict: verdict(signature) };
  }

  async sign(payload: Payload): Promise<Uint8Array> {
    return written('message', smail.sign(payload.octets, this.key), payload);
  }

  async verify(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const { data, signature } = await smail.verify(message, certificates(signer));
    return { octets: data, verdict: verdict(signature) };
  }

  async signDetached(payload: Payload): Promise<Uint8Array> {
    return written('signature', smail.signDetached(payload.octets, this.key), payload);
  }

  async verifyDetached(octets: Uint8Array, signature: Uint8Array, signer: Uint8Array): Promise<Verdict> {
    return verdict(smail.verifyDetached(octets, signature, certificates(signer)));
  }

  /** The same keys, and every message as a stream. */
  streaming(): Correspondent {
    return new Streaming(this.key);
  }

  async close(): Promise<void> {
    this.key.free();
  }
}

class Streaming extends SMail {
  constructor(key: smail.SecretKey) {
    super(key);
  }

  override async encrypt({ octets }: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array> {
    const recipients = certificates(to);
    const stream = smail.encrypting(signed ? { recipients, signer: this.key } : { recipients });
    return all(new Blob([octets as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream));
  }

  override async decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const { readable, writable, signature } = smail.decrypting({
      keys: this.key,
      signers: certificates(signer),
    });
    const source = new Blob([message as Uint8Array<ArrayBuffer>]).stream();
    const octets = await all(source.pipeThrough({ readable, writable }));
    return { octets, verdict: verdict(await signature) };
  }

  override async close(): Promise<void> {}
}

function certificates(octets: Uint8Array): smail.Certificates {
  const set = new smail.Certificates();
  set.add(smail.Certificate.fromBytes(octets));
  return set;
}

function written(kind: 'message' | 'signature', octets: Uint8Array, { isText }: Payload): Uint8Array {
  return isText ? encoded(smail.armor(kind, octets)) : octets;
}

function verdict(signature: smail.Signature): Verdict {
  switch (signature.state) {
    case 'valid':
    case 'unsigned':
      return signature.state;
    default:
      return 'not valid';
  }
}

async function all(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}
