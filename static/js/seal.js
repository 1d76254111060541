// Seals an answer to the server's public key: this device cannot read it again. sessions_app/services/sealed_answers.py opens it.
const INFO = new TextEncoder().encode("medspil sealed answer 1");
// P-256 and no younger curve: an X25519 key that WebKit keeps in IndexedDB comes back as null.
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

/** The name of a public key or of a form's token: the first bytes of its hash, which open nothing. */
async function nameOf(what, length) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", what));
  return [...hash.slice(0, length)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An envelope for the texts in `fields`; rejects where the browser has no WebCrypto (a page without https). */
export async function seal(fields, publicKey) {
  const theirs = bytes(publicKey);
  const [name, form, server, own] = await Promise.all([
    nameOf(theirs, 8),
    nameOf(new TextEncoder().encode(fields.token ?? ""), 16), // so that wrong envelopes of others never close this one's way
    crypto.subtle.importKey("raw", theirs, CURVE, false, []),
    crypto.subtle.generateKey(CURVE, true, ["deriveBits"]), // for this envelope only; its private half is never stored
  ]);
  const from = await crypto.subtle.exportKey("raw", own.publicKey);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const secret = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: from, info: INFO }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, secret, new TextEncoder().encode(JSON.stringify(fields)),
  );
  return { key: name, form, from: base64(from), iv: base64(iv), sealed: base64(sealed) };
}
