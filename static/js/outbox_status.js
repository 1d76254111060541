// Tells the staff in words what waits on this device to be sent.
import { OLD_MS, watch } from "./outbox.js";

const box = document.querySelector("[data-outbox]");
const word = (name) => box.querySelector(`[data-word="${name}"]`).textContent;

watch((entries) => {
  const old = entries.filter((entry) => Date.now() - entry.at > OLD_MS).length;
  const refused = entries.filter((entry) => entry.refused).length;
  const said = [[entries.length, "waiting"], [old, "old"], [refused, "refused"]]
    .filter(([count]) => count > 0).map(([count, name]) => word(name).replace("{count}", count)).join(" ");
  box.hidden = entries.length === 0;
  box.classList.toggle("error", old + refused > 0);
  box.classList.toggle("warning", old + refused === 0);
  box.setAttribute("role", old + refused > 0 ? "alert" : "status");
  const shown = box.querySelector("[data-said]");
  if (shown.textContent !== said) shown.textContent = said;
});
