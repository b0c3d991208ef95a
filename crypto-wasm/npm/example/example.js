// Keys, a message and a file. What the package does is in the first half; the second half is about the page.
import {
  Certificates,
  SecretKey,
  armor,
  decryptAndVerify,
  decrypting,
  encryptAndSign,
  encrypting,
  init,
} from '@s-mail/crypto';

let alice;
let bob;
let toBob;
let fromAlice;
let encryptedFile;

async function makeKeys() {
  await init();
  alice = SecretKey.generate('alice@example.org');
  bob = SecretKey.generate('bob@example.org');
  toBob = new Certificates();
  toBob.add(bob.certificate());
  fromAlice = new Certificates();
  fromAlice.add(alice.certificate());
}

async function encryptMessage(text) {
  return armor('message', await encryptAndSign(new TextEncoder().encode(text), alice, toBob));
}

async function decryptMessage(text) {
  const opened = await decryptAndVerify(new TextEncoder().encode(text), bob, fromAlice);
  try {
    return { text: new TextDecoder().decode(opened.plaintext), signature: opened.signature };
  } finally {
    opened.free(); // wipes the plaintext within the module
  }
}

function encryptFile(file) {
  const encrypted = file.stream().pipeThrough(encrypting({ recipients: toBob, signer: alice }));
  return new Response(encrypted).blob();
}

async function decryptFile(file) {
  const { readable, writable, signature } = decrypting({ keys: bob, signers: fromAlice });
  const opened = await new Response(file.stream().pipeThrough({ readable, writable })).blob();
  return { opened, signature: await signature };
}

/** What the verdict on a signature means to who reads. */
function inWords({ state, signer }) {
  if (state === 'valid') return `The signature is valid. Signed by ${nameOf(signer)}.`;
  if (state === 'unsigned') return 'Nobody signed this.';
  if (state === 'unknown-signer') return 'Signed by somebody unknown.';
  return `The signature is worth nothing (${state}).`;
}

function nameOf(fingerprint) {
  return fingerprint === alice.certificate().fingerprint ? 'Alice' : fingerprint;
}

const element = (id) => document.getElementById(id);

/** Does the work when the button is pressed; what goes wrong is shown in the button's section. */
function onPress(id, work) {
  const button = element(id);
  const fault = button.closest('section').querySelector('.fault');
  button.addEventListener('click', async () => {
    button.disabled = true;
    fault.textContent = '';
    try {
      await work();
    } catch (error) {
      fault.textContent = error.code ? `${error.code}: ${error.message}` : error.message;
    }
    button.disabled = false;
  });
}

onPress('make-keys', async () => {
  await makeKeys();
  for (const [id, key] of Object.entries({ alice, bob })) {
    element(id).textContent = key.certificate().fingerprint;
  }
  document.querySelector('dl').hidden = false;
  for (const fields of document.querySelectorAll('fieldset')) fields.disabled = false;
});

onPress('encrypt', async () => {
  showOpened();
  element('armored').value = await encryptMessage(element('plaintext').value);
});

onPress('decrypt', async () => {
  showOpened();
  showOpened(await decryptMessage(element('armored').value));
});

function showOpened(opened) {
  element('opened').hidden = element('verdict').hidden = !opened;
  if (!opened) return;
  element('opened').textContent = opened.text;
  element('verdict').textContent = inWords(opened.signature);
  element('verdict').classList.toggle('doubtful', opened.signature.state !== 'valid');
}

onPress('encrypt-file', async () => {
  const [file] = element('chosen').files;
  if (!file) throw new Error('Choose a file first.');
  encryptedFile = new File([await encryptFile(file)], `${file.name}.pgp`);
  element('decrypt-file').disabled = false;
  offer(encryptedFile);
});

onPress('decrypt-file', async () => {
  const { opened, signature } = await decryptFile(encryptedFile);
  offer(new File([opened], encryptedFile.name.replace(/\.pgp$/, '')), inWords(signature));
});

/** Offers a file to be saved. */
function offer(file, ...words) {
  const link = document.createElement('a');
  URL.revokeObjectURL(element('saved').querySelector('a')?.href);
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.textContent = `Save ${file.name}`;
  element('saved').replaceChildren(link, ` (${file.size.toLocaleString('en')} bytes). `, ...words);
}
