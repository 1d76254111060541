// Sends the form once, keeps the marks while the network is away, and leaves nothing behind on the device.
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 15000;
const GIVE_UP_MS = 20000; // one attempt; the next one carries the same submission id, so a repeat is safe
const COME_BACK = new Set([408, 425, 429]); // and whatever is wrong on the server's side

const form = document.querySelector("form.lines");
const status = form.querySelector(".sending");
const word = (name) => document.querySelector(`#form-words [data-word="${name}"]`).textContent;
let wait = FIRST_WAIT_MS;
let timer = null;
let attempt = null;

function say(text) {
  status.hidden = false;
  if (status.textContent !== text) status.textContent = text;
}

function later() {
  say(word("waiting"));
  clearTimeout(timer);
  timer = setTimeout(send, wait);
  wait = Math.min(LONGEST_WAIT_MS, wait * 1.5);
}

async function send() {
  if (attempt) return;
  attempt = new AbortController();
  const limit = setTimeout(() => attempt.abort(), GIVE_UP_MS);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" },
      credentials: "same-origin", cache: "no-store", signal: attempt.signal,
    });
    if (answer.ok) location.replace(form.dataset.thanks || answer.url);
    else if (answer.status >= 500 || COME_BACK.has(answer.status)) later();
    else form.submit(); // the server has something to say: the same post again, as a page
  } catch {
    later();
  } finally {
    clearTimeout(limit);
    attempt = null;
  }
}

form.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  form.querySelector("#done").classList.add("is-waiting");
  form.elements.device_time.value = new Date().toISOString();
  say(word("sending"));
  send();
});

window.addEventListener("online", () => {
  if (form.hasAttribute("aria-busy")) { clearTimeout(timer); send(); }
});

// The page must not come back from the browser's memory with marks on it.
window.addEventListener("pagehide", () => document.body.replaceChildren());
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
