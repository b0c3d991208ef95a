// Imported first: notes every violation of the page's or the worker's policy.
const MARKER = 'https://marker.invalid/';

const violations = [];
let heard;
const lastIsHeard = new Promise((resolve) => (heard = resolve));

addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
  if (blockedURI.startsWith(MARKER)) heard();
  else violations.push(`${effectiveDirective} ${blockedURI}`);
});

/** What a program comes to, and every violation until then. The policy must allow requests to this origin alone. */
export async function watched(program) {
  const came = await program().catch((error) => `${error.name}: ${error.message}`);
  // Violations are told in their order: once this one is heard of, so is every one before it.
  fetch(MARKER).catch(() => {});
  await lastIsHeard;
  return { came, violations };
}
