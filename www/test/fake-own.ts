import type { MailCalls } from '../src/crypto/mail-service';
import type { KeyView, KeyringView, Settings, SettingsChange, Signature } from '../src/crypto/views';
import { UNCHOSEN } from '../src/features/settings/preferences.svelte';
import { FINGERPRINT } from './fake-directory';

const OWN: KeyView = {
  fingerprint: FINGERPRINT,
  addresses: ['alice@localhost'],
  createdMs: Date.UTC(2026, 0, 5),
  encryptionCreatedMs: Date.UTC(2026, 0, 5),
  signsWith: ['Ed25519'],
  encryptsWith: ['ECDH', 'ML-KEM-768 with X25519'],
  retired: 0,
  fault: undefined,
};

/** A key from another program. */
const BROUGHT: KeyView = {
  ...OWN,
  fingerprint: '1111 2222 3333 4444 5555 6666 7777 8888 9999 AAAA',
  addresses: ['alice@example.net'],
  encryptsWith: ['RSA'],
  signsWith: ['RSA'],
};

/** What belongs to the account itself: settings and keys. */
export class FakeOwn {
  readonly #begin: (name: keyof MailCalls) => Promise<void>;
  /** What was chosen. */
  chosen: Settings = UNCHOSEN;
  keys: KeyringView = { own: OWN, brought: [] };

  constructor(begin: (name: keyof MailCalls) => Promise<void>) {
    this.#begin = begin;
  }

  async settings(): Promise<Settings> {
    await this.#begin('settings');
    return this.chosen;
  }

  async changeSettings(change: SettingsChange): Promise<Settings> {
    await this.#begin('changeSettings');
    return (this.chosen = { ...this.chosen, ...change });
  }

  async keepSignature(signature: Signature): Promise<Settings> {
    await this.#begin('keepSignature');
    return (this.chosen = withSignature(this.chosen, signature));
  }

  async removeSignature(id: string): Promise<Settings> {
    await this.#begin('removeSignature');
    const signatures = this.chosen.signatures.filter((signature) => signature.id !== id);
    const defaultSignature = this.chosen.defaultSignature === id ? '' : this.chosen.defaultSignature;
    return (this.chosen = { ...this.chosen, signatures, defaultSignature });
  }

  async keyring(): Promise<KeyringView> {
    await this.#begin('keyring');
    return this.keys;
  }

  async exportCertificate(): Promise<string> {
    await this.#begin('exportCertificate');
    return 'certificate';
  }

  async exportSecretKeys(): Promise<string> {
    await this.#begin('exportSecretKeys');
    return 'locked secret keys';
  }

  async bringKey(): Promise<KeyringView> {
    await this.#begin('bringKey');
    return (this.keys = { ...this.keys, brought: [BROUGHT] });
  }

  async removeBroughtKey(): Promise<KeyringView> {
    await this.#begin('removeBroughtKey');
    return (this.keys = { ...this.keys, brought: [] });
  }

  async renewKeys(): Promise<KeyringView> {
    await this.#begin('renewKeys');
    const { own } = this.keys;
    return (this.keys = { ...this.keys, own: { ...own, retired: own.retired + 2 } });
  }
}

function withSignature(settings: Settings, signature: Signature): Settings {
  const { signatures } = settings;
  if (signature.id !== '') {
    return { ...settings, signatures: signatures.map((one) => (one.id === signature.id ? signature : one)) };
  }
  const made = { ...signature, id: `signature-${signatures.length + 1}` };
  const defaultSignature = signatures.length === 0 ? made.id : settings.defaultSignature;
  return { ...settings, signatures: [...signatures, made], defaultSignature };
}
