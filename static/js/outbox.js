// Sealed answers that wait on this device for the network. Nothing leaves this store before the server has it.
import { openDB } from "../vendor/idb-8.0.4.js";

const STORE = "sealed";
const EVERY_MS = 20_000;
const GIVE_UP_MS = 20_000; // one attempt; the next one carries the same submission id, so a repeat is safe
export const OLD_MS = 48 * 3600 * 1000;
const COME_BACK = new Set([408, 425, 429]); // and whatever is wrong on the server's side

const opened = openDB("medspil", 1, { upgrade: (db) => { db.createObjectStore(STORE, { keyPath: "id" }); } });
opened.catch(() => {}); // a browser that keeps nothing: whoever asks hears of it below
let running = null;

/** Asks that the browser never clears this store by itself. Nobody waits for what it says: some ask a person first. */
export function persist() {
  navigator.storage?.persist?.().catch(() => {});
}

/** Keeps a sealed answer; rejects where the browser keeps nothing. */
export async function keep(id, envelope) {
  persist(); // on a device that no session's page has asked for, such as the client's own
  return (await opened).put(STORE, { id, at: Date.now(), envelope });
}
export const drop = async (id) => (await opened).delete(STORE, id);
export const waiting = async () => (await opened).getAll(STORE);

/** Tries to send everything; resolves to the ids that the server has now. */
export const flush = () => (running ??= sendAll().finally(() => { running = null; }));

async function sendAll() {
  const sent = new Set();
  for (const entry of await waiting()) {
    const answer = await post(entry.envelope);
    if (answer === null) continue; // no network, or a server that cannot take this one: later; the others go now
    if (answer.ok) {
      await drop(entry.id);
      sent.add(entry.id);
    } else await (await opened).put(STORE, { ...entry, refused: answer.status }); // kept, and said aloud
  }
  return sent;
}

async function post(envelope) {
  try {
    const answer = await fetch("/sealed/", {
      method: "POST", body: JSON.stringify(envelope), headers: { "Content-Type": "application/json" },
      credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    return answer.status >= 500 || COME_BACK.has(answer.status) ? null : answer;
  } catch {
    return null;
  }
}

/** Sends now and whenever there may be a network again; tells `hear(still waiting, sent)` each time. */
export function watch(hear) {
  const look = async () => {
    try {
      const sent = (await waiting()).length ? await flush() : new Set();
      hear(await waiting(), sent);
    } catch { /* the browser keeps nothing, so nothing waits */ }
  };
  window.addEventListener("online", look);
  window.addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  setInterval(look, EVERY_MS);
  look();
}
