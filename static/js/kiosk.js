// A page in a client's hands: the tabs of the staff hear of it, and it ends with its hand-over.
import { handover, hear, tell } from "./handover_state.js";

const form = document.querySelector("form.lines, #unlock");
let mine = handover();

function look() {
  const now = handover();
  // The server says what is closed. An answer that is on its way goes first.
  if (mine && now !== mine && !form?.hasAttribute("aria-busy")) {
    if (form && "shell" in form.dataset) location.replace(form.action);
    else location.reload();
  }
  mine ||= now; // a device without a network is locked later
}

hear(look);
tell();

// The way back from the unlock page, should somebody have tapped there by mistake: this tab's form while it is open.
if (form?.dataset.keep) sessionStorage.setItem("medspil.form", location.pathname);
else sessionStorage.removeItem("medspil.form");
