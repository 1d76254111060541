// Unlocking closes the client's form: an answer that still waits on the device is sent before. A PIN sends itself.
import { handover, hear } from "./handover_state.js";
import { flush } from "./outbox.js";

const LONGEST_MS = 5000, PIN_LENGTH = 6;
const form = document.getElementById("unlock");
const pin = form.querySelector("[data-pin]");
const mine = handover();
const back = document.querySelector("[data-back]");
let waits = false, sent = false;

form.addEventListener("submit", async (event) => {
  if (sent) return;
  event.preventDefault();
  if (waits) return;
  waits = true;
  form.setAttribute("aria-busy", "true");
  await Promise.race([flush().catch(() => {}), new Promise((go) => { setTimeout(go, LONGEST_MS); })]);
  sent = true;
  form.requestSubmit(event.submitter);
});

function sendWhole() {
  const digits = pin.value.replace(/\D/g, "").slice(0, PIN_LENGTH); // one that is pasted may hold a space
  if (pin.value !== digits) pin.value = digits;
  if (digits.length === PIN_LENGTH) form.requestSubmit();
}

if (pin) {
  if (document.getElementById("errors")) pin.focus(); // the sentence is said, and belongs to the field
  pin.addEventListener("input", sendWhole);
  sendWhole(); // typed before this script was there
}
// By mistake here: the form of this tab is still open, with its marks (kiosk.js).
const open = sessionStorage.getItem("medspil.form");
if (back && open && mine) {
  back.href = open;
  back.hidden = false;
}

window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
hear(() => { if (mine && handover() !== mine && !sent) location.reload(); }); // unlocked in another tab
