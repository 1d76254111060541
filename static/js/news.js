// Says that something new stands on Today. Only a page that somebody looks at asks, and it sends no log-in along.
import { handover } from "./handover_state.js";

const EVERY_MS = 15_000;
const box = document.querySelector("[data-news]");

async function look() {
  if (document.hidden || !box.hidden || handover()) return;
  try {
    const answer = await fetch(box.dataset.news, { credentials: "omit" });
    if (answer.ok && Number(await answer.text()) > Number(box.dataset.opened)) box.hidden = false;
  } catch {
    // The server or the network is away: nothing is known, nothing is said.
  }
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
