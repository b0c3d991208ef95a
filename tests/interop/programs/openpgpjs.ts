/** OpenPGP.js. */
import * as openpgp from 'openpgp';
import {
  decoded,
  encoded,
  isArmored,
  type Correspondent,
  type Lock,
  type Opened,
  type Payload,
  type Verdict,
} from '../correspondent.ts';
import type { Container } from '../packets.ts';

const BOB = { name: 'Bob', email: 'bob@example.net' };
const SESSION_KEY_BYTES = 32;

export interface Kind {
  keys: 'v4' | 'v6';
  container: Container;
}

export class OpenPgpJs implements Correspondent {
  readonly program = openpgp.config.versionString;
  private constructor(
    private readonly kind: Kind,
    private readonly key: openpgp.PrivateKey,
    private readonly lock?: Lock,
  ) {}

  static async make(kind: Kind): Promise<OpenPgpJs> {
    const { privateKey } = await openpgp.generateKey({
      ...(kind.keys === 'v4' ? { type: 'ecc', curve: 'curve25519Legacy' } : { type: 'curve25519' }),
      userIDs: [BOB],
      format: 'object',
      config: configOf(kind),
    });
    return new OpenPgpJs(kind, privateKey);
  }

  async certificate(armored = false): Promise<Uint8Array> {
    const certificate = this.key.toPublic();
    return armored ? encoded(certificate.armor()) : certificate.write();
  }

  async fingerprintOf(certificate: Uint8Array): Promise<string> {
    const key = await readCertificate(certificate);
    await key.getEncryptionKey();
    await key.getSigningKey();
    return key.getFingerprint().toUpperCase();
  }

  async secretKey(): Promise<Uint8Array> {
    if (!this.lock) return this.key.write();
    const locked = await openpgp.encryptKey({
      privateKey: this.key,
      passphrase: this.lock.passphrase,
      config:
        this.lock.form === 'RFC 4880'
          ? { aeadProtect: false, s2kType: openpgp.enums.s2k.iterated }
          : { aeadProtect: true, s2kType: openpgp.enums.s2k.argon2 },
    });
    return locked.write();
  }

  async locked(lock: Lock): Promise<Correspondent> {
    return new OpenPgpJs(this.kind, this.key, lock);
  }

  async inPlaceOf(octets: Uint8Array, lock?: Lock): Promise<Correspondent> {
    const privateKey = isArmored(octets)
      ? await openpgp.readPrivateKey({ armoredKey: decoded(octets) })
      : await openpgp.readPrivateKey({ binaryKey: octets });
    const key = lock ? await openpgp.decryptKey({ privateKey, passphrase: lock.passphrase }) : privateKey;
    return new OpenPgpJs(this.kind, key);
  }

  async encrypt(payload: Payload, to: Uint8Array, signed: boolean): Promise<Uint8Array> {
    const options = {
      message: await messageOf(payload),
      encryptionKeys: await readCertificate(to),
      ...(signed ? { signingKeys: this.key } : {}),
      ...this.sessionKey(),
      config: configOf(this.kind),
    };
    return payload.isText
      ? encoded((await openpgp.encrypt({ ...options, format: 'armored' })) as string)
      : ((await openpgp.encrypt({ ...options, format: 'binary' })) as Uint8Array);
  }

  async decrypt(message: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const opened = await openpgp.decrypt({
      message: await readMessage(message),
      decryptionKeys: this.key,
      verificationKeys: await readCertificate(signer),
      format: 'binary',
    });
    return { octets: opened.data as Uint8Array, verdict: await verdict(opened.signatures) };
  }

  async sign(payload: Payload): Promise<Uint8Array> {
    return this.signed(payload, false);
  }

  async verify(octets: Uint8Array, signer: Uint8Array): Promise<Opened> {
    const { data, signatures } = await openpgp.verify({
      message: await readMessage(octets),
      verificationKeys: await readCertificate(signer),
      format: 'binary',
    });
    return { octets: data as Uint8Array, verdict: await verdict(signatures) };
  }

  async signDetached(payload: Payload): Promise<Uint8Array> {
    return this.signed(payload, true);
  }

  async verifyDetached(octets: Uint8Array, signature: Uint8Array, signer: Uint8Array): Promise<Verdict> {
    const { signatures } = await openpgp.verify({
      message: await openpgp.createMessage({ binary: octets }),
      signature: isArmored(signature)
        ? await openpgp.readSignature({ armoredSignature: decoded(signature) })
        : await openpgp.readSignature({ binarySignature: signature }),
      verificationKeys: await readCertificate(signer),
      format: 'binary',
    });
    return verdict(signatures);
  }

  async close(): Promise<void> {}

  private async signed(payload: Payload, detached: boolean): Promise<Uint8Array> {
    const options = { message: await messageOf(payload), signingKeys: this.key, detached };
    return payload.isText
      ? encoded((await openpgp.sign({ ...options, format: 'armored' })) as string)
      : ((await openpgp.sign({ ...options, format: 'binary' })) as Uint8Array);
  }

  /** It writes SEIPD version 2 to all who read it, unless it is given a session key for version 1. */
  private sessionKey(): { sessionKey?: openpgp.SessionKey } {
    if (this.kind.container !== 'SEIPD v1') return {};
    const data = crypto.getRandomValues(new Uint8Array(SESSION_KEY_BYTES));
    return { sessionKey: { data, algorithm: 'aes256' } };
  }
}

function configOf({ keys, container }: Kind): openpgp.PartialConfig {
  const { gcm, ocb, eax } = openpgp.enums.aead;
  const algorithms = { 'SEIPD v1': gcm, 'SEIPD v2 GCM': gcm, 'SEIPD v2 OCB': ocb, 'SEIPD v2 EAX': eax };
  return {
    v6Keys: keys === 'v6',
    aeadProtect: container !== 'SEIPD v1',
    preferredAEADAlgorithm: algorithms[container],
  };
}

function messageOf({
  octets,
  isText,
}: Payload): Promise<openpgp.Message<string> | openpgp.Message<Uint8Array>> {
  return isText
    ? openpgp.createMessage({ text: decoded(octets) })
    : openpgp.createMessage({ binary: octets });
}

async function readMessage(octets: Uint8Array): Promise<openpgp.Message<Uint8Array>> {
  const message = isArmored(octets)
    ? await openpgp.readMessage({ armoredMessage: decoded(octets) })
    : await openpgp.readMessage({ binaryMessage: octets });
  return message as openpgp.Message<Uint8Array>;
}

function readCertificate(octets: Uint8Array): Promise<openpgp.Key> {
  return isArmored(octets)
    ? openpgp.readKey({ armoredKey: decoded(octets) })
    : openpgp.readKey({ binaryKey: octets });
}

async function verdict(signatures: { verified: Promise<unknown> }[]): Promise<Verdict> {
  const [signature] = signatures;
  if (!signature) return 'unsigned';
  return signature.verified.then(
    () => 'valid' as const,
    () => 'not valid' as const,
  );
}
