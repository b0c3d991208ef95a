import { MailError, type PageErrorCode } from '../../crypto/errors';
import type {
  NewPasskey,
  PasskeyAnswer,
  PasskeyCreation,
  PasskeyDescriptor,
  PasskeyQuestion,
} from '../../crypto/views';
import { t } from '../../i18n';
import { fromBase64Url, toBase64Url } from './base64url';

/** What the user handle is shown with where a browser asks whose passkey this is. */
const SERVICE = 'S-Mail';

type CreatedPasskey = Omit<NewPasskey, 'name'>;

/** Whether this browser can do passkeys, at this address: browsers bind none to a number or to an insecure page. */
export function passkeysWork(): boolean {
  return 'PublicKeyCredential' in window && !/^[\d.]+$|^\[/.test(location.hostname);
}

/** Has the browser make a passkey, on a device that its owner chooses. */
export async function createPasskey(asked: PasskeyCreation, signal?: AbortSignal): Promise<CreatedPasskey> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: fromBase64Url(asked.challenge),
    rp: { id: asked.rpId, name: SERVICE },
    user: { id: fromBase64Url(asked.userHandle), name: asked.userName, displayName: asked.userName },
    pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: asked.passkeys.map(descriptor),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
    attestation: 'none',
    timeout: asked.expiresInS * 1_000,
  };
  const made = await prompted(publicKey.timeout, () =>
    navigator.credentials.create({ publicKey, ...(signal ? { signal } : {}) }),
  );
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    passkeyId: asked.passkeyId,
    clientData: toBase64Url(response.clientDataJSON),
    attestation: toBase64Url(response.attestationObject),
    transports: response.getTransports(),
  };
}

/** Has one of the passkeys sign what a log-in asks for. */
export async function signWithPasskey(asked: PasskeyQuestion, signal?: AbortSignal): Promise<PasskeyAnswer> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: fromBase64Url(asked.challenge),
    rpId: asked.rpId,
    allowCredentials: asked.passkeys.map(descriptor),
    userVerification: 'preferred',
    timeout: asked.expiresInS * 1_000,
  };
  const signed = await prompted(publicKey.timeout, () =>
    navigator.credentials.get({ publicKey, ...(signal ? { signal } : {}) }),
  );
  const response = signed.response as AuthenticatorAssertionResponse;
  return {
    credentialId: toBase64Url(signed.rawId),
    clientData: toBase64Url(response.clientDataJSON),
    authenticatorData: toBase64Url(response.authenticatorData),
    signature: toBase64Url(response.signature),
    ...(response.userHandle ? { userHandle: toBase64Url(response.userHandle) } : {}),
  };
}

function descriptor({ credentialId, transports }: PasskeyDescriptor): PublicKeyCredentialDescriptor {
  return {
    type: 'public-key',
    id: fromBase64Url(credentialId),
    transports: transports as AuthenticatorTransport[],
  };
}

async function prompted(
  timeoutMs: number | undefined,
  ask: () => Promise<Credential | null>,
): Promise<PublicKeyCredential> {
  if (!passkeysWork()) throw refusal('passkeys-unsupported');
  const beganMs = performance.now();
  try {
    const credential = await ask();
    if (credential) return credential as PublicKeyCredential;
  } catch (thrown) {
    throw refusal(reason(thrown, performance.now() - beganMs >= (timeoutMs ?? Infinity)));
  }
  throw refusal('passkey-cancelled');
}

/** Browsers do not tell giving up from being too slow (Web Authentication, section 14.5.1): the clock does. */
function reason(thrown: unknown, isLate: boolean): PasskeyErrorCode {
  switch (thrown instanceof DOMException ? thrown.name : '') {
    case 'InvalidStateError':
      return 'passkey-there';
    case 'NotSupportedError':
    case 'SecurityError':
      return 'passkeys-unsupported';
    case 'TimeoutError':
      return 'passkey-late';
    case 'NotAllowedError':
      return isLate ? 'passkey-late' : 'passkey-cancelled';
    case 'AbortError':
      return 'passkey-cancelled';
    default:
      return 'passkey-failed';
  }
}

type PasskeyErrorCode = Extract<PageErrorCode, `passkey${string}`>;

function refusal(code: PasskeyErrorCode): MailError {
  const texts = {
    'passkey-cancelled': () => t('factor:passkeyCancelled'),
    'passkey-late': () => t('factor:passkeyLate'),
    'passkey-there': () => t('factor:passkeyThere'),
    'passkey-failed': () => t('factor:passkeyFailed'),
    'passkeys-unsupported': () => t('factor:passkeysUnsupported'),
  };
  return new MailError({ code, message: texts[code]() });
}
