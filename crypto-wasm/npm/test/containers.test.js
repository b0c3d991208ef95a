// Messages in containers that browsers have no cipher for: short, and long enough for the platform to take part.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  Certificates,
  SecretKey,
  decryptAndVerify,
  encryptAndSign,
  init,
} from "../index.js";
import { certificates, large } from "./support.js";

const NOW_MS = Date.UTC(2026, 0, 1);

/** Keys whose owners' programs say what they read: SEIPD version 1 alone, and version 2 in no mode but OCB. */
const READERS = {
  "SEIPD v1": `-----BEGIN PGP PRIVATE KEY BLOCK-----

xUkEaSzagBtm5xC+i91fSVxiRDBOpqo9ZkkRLYh+ToPgoWlcr+WXVQCUV7M3
1/OnBovmb7s9nlEYSQGPvehWyC3K3AK74QcGBQ9KzRM8Y2Fyb2xAZXhhbXBs
ZS5vcmc+wsAPBBMbCgCFBYJpLNqAAwsJBwkQ0Q3ugEeYq4BFFAAAAAAAHAAg
c2FsdEBub3RhdGlvbnMub3BlbnBncGpzLm9yZ/CnNQ9+lM2zI9iljkzUZh+k
x2YNSXnb/xLg/CMOqhxtBRUKCA4MBBYAAgECGQECmwMCHgEWIQSQbi5KUJi/
1ZGyWjjRDe6AR5irgAAAwH1oQ01VcG++xQQp81RZZAVWahySMD6c8NrO4xcT
Kz4HD1GUZKGI79UBtr/bJiAc00YBhE3mx+16JkKcmSfbUUUAx0kEaSzagBkS
mm6PnIgqS3MI4UCHbF5GueSls+tiMZSWKUVwA8qYCwB4yN90RoSj1m7aIPLV
cuI/KPnDXgAxiqdKGk8gDLKSTQ+swroEGBsKAHAFgmks2oAJENEN7oBHmKuA
RRQAAAAAABwAIHNhbHRAbm90YXRpb25zLm9wZW5wZ3Bqcy5vcmc1gjYmTALu
BShv4xbCAbsHOmMvJEhO0yr9nz0c27x6UAKbDBYhBJBuLkpQmL/VkbJaONEN
7oBHmKuAAAD5dSX/4NfoSgaN4Bqp6Lll2ZNUixEMgya15Zkp9HIp/Klycnpz
ngguEpUETp+965sSqhXgfRuvg5JSsK6IBqr16g8=
=8O1f
-----END PGP PRIVATE KEY BLOCK-----
`,
  OCB: `-----BEGIN PGP PRIVATE KEY BLOCK-----

xUkEaSzagBtumSKfGats8xK+/2u3k3KQkjk/CPp9dV/I2UeRODKXPwDc/KNV
TaZV9Xe52blICHz0zddaTTnBv3DPaNC+MVNNfxIYzRM8Y2Fyb2xAZXhhbXBs
ZS5vcmc+wsATBBMbCgCJBYJpLNqAAwsJBwkQ10Lc2lNsbN5FFAAAAAAAHAAg
c2FsdEBub3RhdGlvbnMub3BlbnBncGpzLm9yZ1cW8qIC3MEaKC7G4HN5b9t2
DSTUF0W+l3Kqwp6d56adBRUKCA4MBBYAAgECGQECmwMCHgkWIQRnUPxOtHn2
vkjks+XXQtzaU2xs3gMnCQIAADfacC3rRrqQBxcaCOTQJ+RsXL0iKqc8hQ6X
bWifqXqZ6xQEXB6op7W2cbfunv3BAad6QbHpx38cVSrg6h+f/EFNCMdJBGks
2oAZhm3+SwZTRFpv8vjZMUvk831QP99c19bHwszhUhsz7zEAANePSkK1CxyA
lla1c1uhh8qATbA6FHU+uyznhfkda2QOZcK6BBgbCgBwBYJpLNqACRDXQtza
U2xs3kUUAAAAAAAcACBzYWx0QG5vdGF0aW9ucy5vcGVucGdwanMub3JnycuZ
TKTCfWhsKw01QqzkpZASfSiu5jOnwyJcv4IdOFICmwwWIQRnUPxOtHn2vkjk
s+XXQtzaU2xs3gAAMcyl7+sLBYZmZQ4vjjEsGgO2CVJY5plqiKpimWMlU5VJ
KeMNh/euS4Vrqb/IRHT/sSI/IIk8HR4M1oaLCyBH9jYE
=gbV3
-----END PGP PRIVATE KEY BLOCK-----
`,
};

let alice;
const readers = {};

before(async () => {
  await init();
  alice = SecretKey.generate("alice@example.org", NOW_MS);
  for (const [container, key] of Object.entries(READERS)) {
    readers[container] = SecretKey.fromBytes(new TextEncoder().encode(key));
  }
});

/** Around the ends of blocks and of chunks. */
const LENGTHS = [0, 1, 65_535, 65_536, 262_100, 262_144, 524_289, 1_000_000];

/** What a message's container says it is: its first octets, behind the packets that hold its session key. */
function fieldsOfContainer(message) {
  let at = 0;
  while (message[at] !== 0xd2) {
    const first = message[at + 1];
    assert.ok(first < 224, "one length, of one or two octets");
    at +=
      first < 192
        ? 2 + first
        : 3 + ((first - 192) << 8) + message[at + 2] + 192;
  }
  const first = message[at + 1];
  const lengthBytes = first === 255 ? 5 : first < 192 || first >= 224 ? 1 : 2;
  return [...message.subarray(at + 1 + lengthBytes)].slice(0, 3);
}

for (const container of Object.keys(READERS)) {
  test(`in ${container} a message of any length opens`, async () => {
    const reader = readers[container];
    for (const length of LENGTHS) {
      const content = large(length);
      const message = await encryptAndSign(
        content,
        alice,
        certificates(reader),
        NOW_MS,
      );
      const [version, cipher, mode] = fieldsOfContainer(message);
      if (container === "OCB")
        assert.deepEqual([version, cipher, mode], [2, 9, 2]);
      else assert.equal(version, 1);
      const opened = await decryptAndVerify(
        message,
        reader,
        certificates(alice),
        NOW_MS,
      );
      assert.deepEqual(opened.plaintext, content);
      assert.equal(opened.signature.state, "valid");
    }
  });

  test(`in ${container} a message that was altered or cut off does not`, async () => {
    const reader = readers[container];
    const message = await encryptAndSign(
      large(600_000),
      alice,
      certificates(reader),
      NOW_MS,
    );
    const known = new Certificates();
    for (const back of [1, 16, 17, 33, 100_000, 262_161, 500_000, 599_000]) {
      const at = message.length - back;
      message[at] ^= 1;
      await assert.rejects(
        decryptAndVerify(message, reader, known, NOW_MS),
        { code: "decrypt-tampered" },
        `${back}`,
      );
      message[at] ^= 1;
    }
    for (const cut of [1, 16, 300_000]) {
      const part = message.subarray(0, message.length - cut);
      await assert.rejects(decryptAndVerify(part, reader, known, NOW_MS), {
        name: "SMailError",
      });
    }
    await decryptAndVerify(message, reader, known, NOW_MS);
  });

  test(`in ${container} a message is for nobody else`, async () => {
    const message = await encryptAndSign(
      large(100_000),
      alice,
      certificates(readers[container]),
      NOW_MS,
    );
    const refused = decryptAndVerify(message, alice, certificates(), NOW_MS);
    await assert.rejects(refused, { code: "decrypt-no-matching-key" });
  });
}

test("OCB is the same without the platform’s cryptography", async () => {
  const content = large(700_000);
  const message = await encryptAndSign(
    content,
    alice,
    certificates(readers.OCB),
    NOW_MS,
  );
  const platform = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", {
    configurable: true,
    value: {},
  });
  try {
    const opened = await decryptAndVerify(
      message,
      readers.OCB,
      certificates(alice),
      NOW_MS,
    );
    assert.deepEqual(opened.plaintext, content);
  } finally {
    Object.defineProperty(globalThis, "crypto", platform);
  }
});
