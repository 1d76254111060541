// Whether a client has this device, by the hand-over's cookie; and a word to the browser's other tabs to look again.
const NAME = /(?:^|; )(?:__Host-)?handover=([^;]*)/;
const STATE = "medspil-state", LOCK = "/locked";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("medspil") : null;

/** The hand-over that this browser is in; "" while it is in the hands of staff. */
export const handover = () => NAME.exec(document.cookie)?.[1] ?? "";

/** Whether it was handed over without a network: the server knows nothing of it yet (offline_tokens.js). */
export async function isLocked() {
  try {
    return Boolean("caches" in window && await caches.match(LOCK, { cacheName: STATE }));
  } catch {
    return false; // a browser that keeps nothing cannot be handed over without a network
  }
}

export const tell = () => channel?.postMessage("look");

/** Calls `look` whenever something may have changed: another tab said so, or this one is seen again. */
export function hear(look) {
  channel?.addEventListener("message", look);
  for (const kind of ["pageshow", "focus"]) window.addEventListener(kind, look);
  document.addEventListener("visibilitychange", look);
}
