// How far people are with forms on their own devices, asked every few seconds; and a text to copy.
const EVERY_MS = 5000;

const list = document.querySelector("[data-links]");

async function look() {
  // No question where nothing can change any more, or nobody looks.
  if (document.visibilityState !== "visible" || !document.querySelector("[data-open]")) return;
  // Asked by the page, not by a person: it keeps no log-in alive.
  // The tag says what is shown already: the server answers, and logs a look, when there is more.
  const headers = { Accept: "application/json", "X-Medspil-Quiet": "1", "If-None-Match": list.dataset.tag };
  const answer = await fetch(list.dataset.links, { headers, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const { links } = await answer.json();
  list.dataset.tag = answer.headers.get("ETag");
  for (const place of document.querySelectorAll("[data-link]")) {
    const state = links[place.dataset.link];
    if (!state) continue;
    if (place.textContent !== state.words) place.textContent = state.words;
    if (state.open) continue;
    delete place.dataset.open;
    place.toggleAttribute("data-done", Boolean(state.done));
    place.closest("li")?.querySelector("form")?.remove();
  }
}

if (list) setInterval(() => look().catch(() => {}), EVERY_MS);

const copy = document.querySelector("[data-copy-button]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-copy]").value);
    copy.textContent = copy.dataset.done;
  });
}
