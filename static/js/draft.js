// What is marked so far is kept on the server while the client marks: no reload, sleep or unlocking loses a mark.
const PAUSE_MS = 500, AGAIN_MS = 5000;
const form = document.querySelector("form.lines");
const keep = new URL(form.dataset.keep, location.href); // also when the page is being left
let timer = null, isClosed = false;

const marks = () => {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["token", "submission_id", "device_time"]) fields.delete(name);
  return fields.toString();
};
let kept = marks();

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

for (const kind of ["marks", "change"]) form.addEventListener(kind, soon);
// In the capture phase: before the page is emptied.
window.addEventListener("pagehide", send, { capture: true });
document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
