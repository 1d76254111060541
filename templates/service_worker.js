// Keeps the empty form for a device without a network: no token, no name, no answer. Other pages are never kept.
const SHELLS = "medspil-shells", STATE = "medspil-state", OFFLINE = "/offline/", LOCK = "/locked";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url.pathname));
  else if (url.pathname.startsWith("{{ static_url }}")) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
});

const kept = async (request) => (await caches.open(SHELLS)).match(request, { ignoreVary: true });

async function page(request, path) {
  if (path.startsWith(OFFLINE)) {
    const shell = await kept(path);
    if (shell) return shell;
  }
  try {
    await park();
    return await fetch(request);
  } catch {
    return (await kept(OFFLINE)) ?? Response.error();
  }
}

/** A device that was handed over without a network is logged out before it shows anything else. */
async function park() {
  const state = await caches.open(STATE);
  const lock = await state.match(LOCK);
  if (!lock) return;
  const answer = await fetch(await lock.text(), { method: "POST", credentials: "same-origin" });
  if (!answer.ok && answer.status !== 404) throw new Error("not parked");
  await state.delete(LOCK);
}
