// Sends the form once. Before the first attempt the answer is sealed and stored, so that neither a dead network nor a
// dead device loses it; where the browser cannot seal, the marks stay on the page until the server has them.
import { handover } from "./handover_state.js";
import { drop, keep, watch } from "./outbox.js";
import { seal } from "./seal.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 15000;
const GIVE_UP_MS = 20000; // one attempt; the next one carries the same submission id, so a repeat is safe
const ASK_MS = 4000;
const COME_BACK = new Set([408, 425, 429]); // and whatever is wrong on the server's side
const CARRIED = "medspil.forms", STATE = "medspil-state", LOCK = "/locked";

const form = document.querySelector("form.lines");
const status = form.querySelector(".sending");
const word = (name) => document.querySelector(`#form-words [data-word="${name}"]`).textContent;
let wait = FIRST_WAIT_MS;
let timer = null;
let attempt = null;
let stored = false;
let started = false;

function say(text) {
  status.hidden = false;
  if (status.textContent !== text) status.textContent = text;
}

function later() {
  if (stored) {
    showStored();
    return;
  }
  say(word("waiting"));
  clearTimeout(timer);
  timer = setTimeout(send, wait);
  wait = Math.min(LONGEST_WAIT_MS, wait * 1.5);
}

const leave = (address) => location.replace(address);

async function send() {
  if (attempt) return;
  attempt = new AbortController();
  const limit = setTimeout(() => attempt.abort(), GIVE_UP_MS);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" },
      credentials: "same-origin", cache: "no-store", signal: attempt.signal,
    });
    if (answer.status >= 500 || COME_BACK.has(answer.status)) later();
    else {
      await drop(form.elements.submission_id.value).catch(() => {}); // the server has had its say about it
      if (answer.ok) leave(form.dataset.thanks || answer.url);
      else form.submit(); // the same post again, as a page
    }
  } catch {
    later();
  } finally {
    clearTimeout(limit);
    attempt = null;
  }
}

/** Seals what is on the form and keeps it; false where this browser cannot. */
async function store() {
  if (!form.dataset.sealTo || !window.isSecureContext) return false;
  try {
    const fields = Object.fromEntries(new FormData(form));
    await keep(fields.submission_id, await seal(fields, form.dataset.sealTo));
    return true;
  } catch {
    return false;
  }
}

/** The end for the client: nothing of the answer is left on the page. */
function showStored() {
  const page = document.querySelector("#stored").content.cloneNode(true);
  const id = form.elements.submission_id.value;
  offerNext(page.querySelector("[data-next]"));
  document.querySelector("main").replaceChildren(page);
  if ("shell" in form.dataset) history.replaceState(null, "", location.pathname); // a reload must not open it again
  const count = document.querySelector("[data-waiting]");
  const template = count.textContent;
  watch((entries, sent) => {
    count.textContent = template.replace("{count}", entries.length);
    if (sent.has(id)) park().then(() => leave(form.dataset.thanks), () => {});
  });
}

/** Without a network the staff cannot unlock; the other form of the session, if the device carries it, comes next. */
function offerNext(link) {
  const carried = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
  const rest = (carried?.forms ?? []).filter((one) => one.form !== form.dataset.form);
  if (!rest.length) return;
  sessionStorage.setItem(CARRIED, JSON.stringify({ ...carried, forms: rest }));
  link.href = `${rest[0].address}#${rest[0].token}`;
  link.hidden = false;
}

/** A device that was handed over without a network logs itself out as soon as there is one. */
async function park() {
  if (!("caches" in window)) return;
  const state = await caches.open(STATE);
  const lock = await state.match(LOCK);
  if (!lock) return;
  const answer = await fetch(await lock.text(), { method: "POST", credentials: "same-origin" });
  if (answer.ok || answer.status === 404) await state.delete(LOCK);
}

/** The empty form from the device's own store gets its token from the address. */
function openShell() {
  const token = location.hash.slice(1);
  const carried = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
  const isCarried = carried?.forms.some((one) => one.token === token) && ["", carried.handover].includes(handover());
  if (!isCarried) { // marked already, or of a hand-over before this one
    document.querySelector("main").replaceChildren(document.querySelector("#closed").content.cloneNode(true));
    return;
  }
  form.elements.token.value = token;
  form.elements.submission_id.value = crypto.randomUUID();
  form.action = `/f/${token}/`;
  form.dataset.thanks = `/f/${token}/thanks/`;
  for (const way of ["online", "pageshow"]) window.addEventListener(way, () => park().catch(() => {}));
  if (navigator.onLine) askWhetherOpen();
}

/** A tab that was restored with a network: the server knows whether the hand-over is over. */
async function askWhetherOpen() {
  const main = document.querySelector("main");
  main.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(ASK_MS) });
    if (answer.status === 410 || answer.redirected) { location.replace(form.action); return; }
  } catch { /* no network after all */ }
  main.hidden = false;
}

form.addEventListener("marks", () => {
  if (started || !form.dataset.started || !form.querySelector(".is-marked")) return;
  started = true; // the practitioner sees that somebody has begun, nothing else
  fetch(form.dataset.started, { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
});

form.addEventListener("submit", async (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  form.querySelector("#done").classList.add("is-waiting");
  form.elements.device_time.value = new Date().toISOString();
  say(word("sending"));
  stored = await store();
  send();
});

window.addEventListener("online", () => {
  if (form.isConnected && form.hasAttribute("aria-busy")) { clearTimeout(timer); send(); }
});

// The page must not come back from the browser's memory with marks on it.
window.addEventListener("pagehide", () => document.body.replaceChildren());
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if ("shell" in form.dataset) openShell();
