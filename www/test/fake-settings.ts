import { UNCHOSEN } from '../src/features/settings/preferences.svelte';
import type { Settings, Signature } from '../src/crypto/views';

/** An account that has chosen nothing. */
export const FAKE_SETTINGS: Settings = UNCHOSEN;

export function withSignature(settings: Settings, signature: Signature): Settings {
  const { signatures } = settings;
  if (signature.id !== '') {
    return { ...settings, signatures: signatures.map((one) => (one.id === signature.id ? signature : one)) };
  }
  const made = { ...signature, id: `signature-${signatures.length + 1}` };
  const defaultSignature = signatures.length === 0 ? made.id : settings.defaultSignature;
  return { ...settings, signatures: [...signatures, made], defaultSignature };
}

export function withoutSignature(settings: Settings, id: string): Settings {
  const signatures = settings.signatures.filter((signature) => signature.id !== id);
  return {
    ...settings,
    signatures,
    defaultSignature: settings.defaultSignature === id ? '' : settings.defaultSignature,
  };
}
