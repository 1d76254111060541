// Carries a passkey's question from the page to the device, and its answer back in the form's field "credential".
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (keys) => (keys ?? []).map((key) => ({ ...key, id: toBytes(key.id) }));

/** What the device answers, as text: the shape that WebAuthn's own toJSON() has. */
function asJson(credential) {
  const { response } = credential;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = names.filter((name) => response[name]);
  return JSON.stringify({
    id: credential.id, rawId: toText(credential.rawId), type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(given.map((name) => [name, toText(response[name])])),
      ...(response.getTransports ? { transports: response.getTransports() } : {}),
    },
  });
}

function create({ publicKey }, alone) {
  return navigator.credentials.create({
    publicKey: {
      ...publicKey, challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged", requireResidentKey: alone,
        ...(alone ? { userVerification: "required" } : {}),
      },
    },
  });
}

function get({ publicKey }) {
  return navigator.credentials.get({
    publicKey: {
      ...publicKey, challenge: toBytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });
}

const onPage = () => JSON.parse(document.getElementById("passkey-options").textContent);
const ways = {
  create: (form) => create(onPage().creation_options, form.elements.passwordless.checked),
  get: () => get(onPage().request_options),
  async ask(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    return get((await answer.json()).request_options);
  },
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-failed]");
  const missing = form.querySelector("[data-missing]");
  if (!window.PublicKeyCredential) {
    if (missing) missing.hidden = false;
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.credential.value = asJson(await ways[form.dataset.passkey](form));
    } catch {
      failed.hidden = false; // also where the person changed their mind
      return;
    }
    form.submit();
  });
}
