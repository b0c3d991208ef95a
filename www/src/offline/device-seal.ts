/** Octets that no other thread writes to. */
export type Octets = Uint8Array<ArrayBuffer>;

const NONCE_BYTES = 12;
const SALT = new Uint8Array();

function info(label: string): Octets {
  return new TextEncoder().encode(label);
}

/**
 * Seals what is kept on the device by the browser's AES-256-GCM, each record bound to its name, and turns names into words that
 * say nothing: HMAC-SHA-256 under a second key. Both are derived from a key of the account's, or of the browser's own resume key.
 */
export class DeviceSeal {
  readonly #cipher: CryptoKey;
  readonly #names: CryptoKey;

  private constructor(cipher: CryptoKey, names: CryptoKey) {
    this.#cipher = cipher;
    this.#names = names;
  }

  /** Of 32 secret bytes, which are wiped. */
  static async ofSecret(secret: Uint8Array, label: string): Promise<DeviceSeal> {
    const raw = new Uint8Array(secret);
    const key = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits']);
    raw.fill(0);
    secret.fill(0);
    return DeviceSeal.ofKey(key, label);
  }

  /** Of an HKDF key that may derive bits. */
  static async ofKey(key: CryptoKey, label: string): Promise<DeviceSeal> {
    const derived = async (part: string) => {
      const hkdf = { name: 'HKDF', hash: 'SHA-512', salt: SALT, info: info(`${label}/${part}`) };
      return new Uint8Array(await crypto.subtle.deriveBits(hkdf, key, 256));
    };
    const [cipher, names] = [await derived('seal'), await derived('name')];
    const seal = new DeviceSeal(
      await crypto.subtle.importKey('raw', cipher, 'AES-GCM', false, ['encrypt', 'decrypt']),
      await crypto.subtle.importKey('raw', names, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
    );
    cipher.fill(0);
    names.fill(0);
    return seal;
  }

  /** What a name is kept under. */
  async place(name: string): Promise<string> {
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', this.#names, info(name)));
    return Array.from(mac.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  async seal(place: string, octets: Octets): Promise<Octets> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: info(place) },
      this.#cipher,
      octets,
    );
    const whole = new Uint8Array(NONCE_BYTES + sealed.byteLength);
    whole.set(iv);
    whole.set(new Uint8Array(sealed), NONCE_BYTES);
    return whole;
  }

  /** Nothing when it was damaged, moved or sealed by another key. */
  async open(place: string, sealed: Octets): Promise<Octets | undefined> {
    const [iv, rest] = [sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES)];
    try {
      return new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: info(place) }, this.#cipher, rest),
      );
    } catch {
      return undefined;
    }
  }
}
