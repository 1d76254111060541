// Typing and tapping count as signs of life; before the log-in ends the page says so, and it loses no words.
import { handover } from "./handover_state.js";
import { isUnsaved } from "./unsaved.js";

const SIGN_MS = 4 * 60_000; // how often a sign of life is told
const WARN_S = 120; // so long before the end
const LOOK_MS = 15_000;

const box = document.getElementById("session-timeout");
const part = (name) => box.querySelector(`[data-${name}]`);
let told = Date.now(); // opening the page was a sign of life
let alive = false;
let endsAt = null; // not asked yet

for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => { alive = true; }, { passive: true });

/** Ask how long is left: quietly, or as a sign of life. False when nobody is logged in any more. */
async function ask(quiet) {
  const answer = await fetch(box.dataset.ask, {
    headers: { Accept: "application/json", ...(quiet ? { "X-Medspil-Quiet": "1" } : {}) },
    credentials: "same-origin", redirect: "manual",
  });
  if (answer.type === "opaqueredirect") return false;
  if (!answer.ok) throw new Error(answer.status);
  const { left, token } = await answer.json();
  endsAt = Date.now() + left * 1000;
  // A new log-in in another window has new tokens; with them this page's forms can be sent again.
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  return true;
}

function show(which) {
  box.hidden = !which;
  for (const name of ["soon", "over"]) part(name).hidden = name !== which;
  part("stay").hidden = which !== "soon";
  part("again").hidden = which !== "over";
}

function isOver() {
  if (isUnsaved(document)) show("over");
  else location.replace(`${box.dataset.login}?${new URLSearchParams({ why: "idle", next: location.pathname + location.search })}`);
}

async function look(quiet) {
  if ("inHands" in document.body.dataset || handover()) return; // a client has the device: no_back_cache.js sees to it
  try {
    if (!await ask(quiet)) isOver();
    else show(endsAt - Date.now() < WARN_S * 1000 ? "soon" : null);
  } catch {
    // The server or the network is away: nothing is known, nothing is said.
  }
}

function tick() {
  if (document.hidden) return;
  if (alive && Date.now() - told > SIGN_MS && box.hidden) {
    alive = false;
    told = Date.now();
    look(false);
  } else if (endsAt === null || !box.hidden || endsAt - Date.now() < WARN_S * 1000) look(true);
}

part("stay").addEventListener("click", () => { told = Date.now(); look(false); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(true); });
setInterval(tick, LOOK_MS);
