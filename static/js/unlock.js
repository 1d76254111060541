// Unlocking closes the client's form: an answer that still waits on the device is sent before.
import { handover, hear } from "./in_hands.js";
import { flush } from "./outbox.js";

const LONGEST_MS = 5000;
const form = document.getElementById("unlock");
const mine = handover();
let waits = false, sent = false;

form.addEventListener("submit", async (event) => {
  if (sent) return;
  event.preventDefault();
  if (waits) return;
  waits = true;
  await Promise.race([flush().catch(() => {}), new Promise((go) => { setTimeout(go, LONGEST_MS); })]);
  sent = true;
  form.requestSubmit(event.submitter);
});
hear(() => { if (mine && handover() !== mine && !sent) location.reload(); }); // unlocked in another tab
