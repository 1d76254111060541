// A running team meeting on a screen: hears that it went on, goes along, moves by arrow keys, and keeps a quiet clock.
const MOVES_MS = 2000;
const TEXTS_MS = 8000;
const CLOCK_MS = 10_000;
const room = document.querySelector("[data-meeting]");
const moved = room.querySelector("[data-moved]");

/** Somebody writes here, or wrote what is not saved yet: the page may not go away under their hands. */
function isBusy() {
  const form = room.querySelector("form[data-note]");
  if (!form) return false;
  const changed = [...form.elements].some((field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue);
  return form.contains(document.activeElement) || (changed && !form.querySelector("[data-saved]").textContent);
}

async function hasNews(name) {
  if (document.hidden || !room.dataset[name]) return false;
  try {
    const answer = await fetch(room.dataset[name], { credentials: "omit" });
    return answer.ok && Number(await answer.text()) > Number(room.dataset[`${name}Known`]);
  } catch {
    return false; // The server or the network is away: the page stays as it is.
  }
}

async function followMoves() {
  if (!(await hasNews("moves"))) return;
  if (isBusy()) moved.hidden = false;
  else location.reload();
}

async function followTexts() {
  if (!isBusy() && (await hasNews("texts")) && !isBusy()) location.reload();
}

setInterval(followMoves, MOVES_MS);
setInterval(followTexts, TEXTS_MS);
document.addEventListener("visibilitychange", followMoves);

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const button = room.querySelector(`[data-key="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

function tick() {
  for (const clock of room.querySelectorAll("[data-clock]")) {
    const { since, minutes, left, over } = clock.dataset;
    const rest = Number(minutes) - Math.floor((Date.now() / 1000 - Number(since)) / 60);
    clock.textContent = rest >= 0 ? left.replace("{left}", rest).replace("{all}", minutes) : over.replace("{over}", -rest);
  }
}

tick();
setInterval(tick, CLOCK_MS);
