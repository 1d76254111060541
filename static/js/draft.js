// What is marked so far is kept on the server while the client marks: no reload, sleep or unlocking loses a mark.
const PAUSE_MS = 500, AGAIN_MS = 5000;
const form = document.querySelector("form.lines");
// Whole, so that it works while the page is being left. A page that a device keeps for a place without a network has none.
const keep = form?.dataset.keep && new URL(form.dataset.keep, location.href);
let timer = null, isClosed = false, kept = "";

const marks = () => {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["token", "submission_id", "device_time"]) fields.delete(name);
  return fields.toString();
};
/** What the page came with: a mark may have been set before this file was here. */
function atFirst() {
  const fields = new URLSearchParams(marks());
  for (const field of form.querySelectorAll("input:not([type=radio])")) if (fields.has(field.name)) fields.set(field.name, field.defaultValue);
  for (const field of form.querySelectorAll("input[type=radio]")) {
    if (field.defaultChecked) fields.set(field.name, field.value);
    else if (fields.get(field.name) === field.value) fields.delete(field.name);
  }
  return fields.toString();
}

/** Sends what has changed; without a network it is tried again, and meanwhile the marks stand on the page. */
async function send() {
  clearTimeout(timer);
  const now = marks();
  if (now === kept || isClosed || form.hasAttribute("aria-busy")) return;
  const before = kept;
  kept = now;
  try {
    const answer = await fetch(keep, { method: "POST", body: new URLSearchParams(now), credentials: "same-origin", cache: "no-store", keepalive: true });
    isClosed = answer.status === 410;
    if (answer.ok || isClosed) return;
  } catch { /* no network: below */ }
  kept = before;
  timer = setTimeout(send, AGAIN_MS);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE_MS);
}

if (keep) {
  kept = atFirst();
  for (const kind of ["marks", "change"]) form.addEventListener(kind, soon);
  // In the capture phase: before the page is emptied.
  window.addEventListener("pagehide", send, { capture: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  if (marks() !== kept) soon();
}
