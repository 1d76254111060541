// The session's page: the tablet is handed over even where there is no network, by an empty form that it carries.
const SHELLS = "medspil-shells", STATE = "medspil-state", OFFLINE = "/offline/", LOCK = "/locked", CARRIED = "medspil.forms";
const GIVE_UP_MS = 8000;
const IMPORTED = /\bfrom\s*"(\.[^"]+)"/g;

const card = document.querySelector("[data-carry]");
const button = document.querySelector("form[data-handover]");

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
async function carry() {
  const known = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
  if (known?.session === card.dataset.session) return;
  sessionStorage.removeItem(CARRIED);
  const answer = await fetch(card.dataset.carry, {
    method: "POST", headers: { "X-CSRFToken": card.querySelector("[name=csrfmiddlewaretoken]").value }, credentials: "same-origin",
  });
  if (!answer.ok) return;
  const { forms } = await answer.json();
  const cache = await caches.open(SHELLS);
  await keepPage(cache, OFFLINE, OFFLINE);
  for (const form of forms) await keepPage(cache, form.shell, form.address);
  sessionStorage.setItem(CARRIED, JSON.stringify({ session: card.dataset.session, forms }));
}

/** No network: the carried form is opened, and the device logs itself out before it shows anything else. */
async function openCarried(detail) {
  const known = JSON.parse(sessionStorage.getItem(CARRIED) ?? "null");
  const form = known?.session === card.dataset.session && known.forms.find((one) => one.form === detail);
  if (!form || !navigator.serviceWorker?.controller) {
    card.querySelector("[data-no-network]").hidden = false;
    return;
  }
  await (await caches.open(STATE)).put(LOCK, new Response(form.park));
  document.body.replaceChildren();
  location.replace(`${form.address}#${form.token}`);
}

async function handOver(event) {
  event.preventDefault();
  let answer = null;
  try {
    answer = await fetch(button.action, {
      method: "POST", body: new URLSearchParams(new FormData(button)), headers: { Accept: "application/json" },
      credentials: "same-origin", signal: AbortSignal.timeout(GIVE_UP_MS),
    });
  } catch {
    await openCarried(button.dataset.handover);
    return;
  }
  if (answer.ok) {
    const { location: to } = await answer.json();
    document.body.replaceChildren();
    location.replace(to); // the page of the session is not behind the form
  } else button.submit(); // the server has something to say: the same post again, as a page
}

if (button) button.addEventListener("submit", handOver);
if (card && window.isSecureContext && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js");
  carry().catch(() => {}); // without a network there is nothing to carry yet
}
