// The session's page: the tablet is handed over even where there is no network, by an empty form that it carries.
import { tell } from "./handover_state.js";

const SHELLS = "medspil-shells", STATE = "medspil-state", OFFLINE = "/offline/", LOCK = "/locked", CARRIED = "medspil.forms";
const GIVE_UP_MS = 8000;
const IMPORTED = /\b(?:from|import)\s*"(\.[^"]+)"/g;

const form = document.querySelector("form[data-handover]");

/** A text and everything that it names, kept for later under `name`. */
async function keepPage(cache, address, name) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  await cache.put(name, answer.clone());
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const named = [...page.querySelectorAll("link[href], script[src]")].filter((node) => !node.matches("[rel=manifest]"));
  await Promise.all(named.map((node) => keepFile(cache, new URL(node.getAttribute("href") ?? node.getAttribute("src"), location.href))));
}

async function keepFile(cache, url) {
  const answer = await fetch(url);
  if (!answer.ok) return;
  await cache.put(url.href, answer.clone());
  if (!url.pathname.endsWith(".js")) return;
  const imported = [...(await answer.text()).matchAll(IMPORTED)].map((match) => new URL(match[1], url));
  await Promise.all(imported.map((one) => keepFile(cache, one)));
}

/** Tokens for the forms of this session, once; they open empty forms and nothing else. */
async function fetchTokens() {
  const known = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
  // After unlocking, what was carried before opens nothing any more.
  if (known?.session === form.dataset.session && known.handover === form.dataset.tokensFor) return;
  sessionStorage.removeItem(CARRIED);
  const answer = await fetch(form.dataset.tokens, {
    method: "POST", headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value }, credentials: "same-origin",
  });
  if (!answer.ok) return;
  const { forms, handover } = await answer.json();
  const cache = await caches.open(SHELLS);
  await keepPage(cache, OFFLINE, OFFLINE);
  for (const one of forms) await keepPage(cache, one.shell, one.address);
  sessionStorage.setItem(CARRIED, JSON.stringify({ session: form.dataset.session, handover, forms }));
}

/** No network: the carried form is opened, and the device logs itself out before it shows anything else. */
async function openOffline(detail) {
  const known = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
  const carried = known?.session === form.dataset.session && known.forms.find((one) => one.form === detail);
  if (!carried || !navigator.serviceWorker?.controller) {
    form.querySelector("[data-no-network]").hidden = false;
    return;
  }
  await (await caches.open(STATE)).put(LOCK, new Response(carried.park));
  document.body.replaceChildren();
  tell();
  location.replace(`${carried.address}#${carried.token}`);
}

async function handOver(event) {
  if (event.target !== form || event.defaultPrevented) return; // words that are not stored yet go first (notes.js)
  event.preventDefault();
  let answer = null;
  try {
    answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" },
      credentials: "same-origin", signal: AbortSignal.timeout(GIVE_UP_MS),
    });
  } catch {
    await openOffline(form.dataset.handover);
    return;
  }
  if (answer.ok) {
    const { location: to } = await answer.json();
    document.body.replaceChildren();
    tell();
    location.replace(to); // the page of the session is not behind the form
  } else form.submit(); // the server has something to say: the same post again, as a page
}

if (form) window.addEventListener("submit", handOver);
if (form && window.isSecureContext && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js");
  fetchTokens().catch(() => {}); // without a network there is nothing to carry yet
}
