// A page of the staff never comes back from the browser's memory: it is empty when it is left, and loaded anew.
// While a client has the device it is empty too, in every tab: what stood there waits in memory, out of the document.
import { handover, hear, isLocked, tell } from "./handover_state.js";
import { isUnsaved } from "./unsaved.js";

const CARRIED = "medspil.forms", LOCKED = "/unlock/";
const ask = document.getElementById("session-timeout")?.dataset.ask; // only pages of somebody who is logged in
const words = document.getElementById("in-hands"), { who } = document.body.dataset;
let kept = null;

function empty() {
  if (kept || !ask) return;
  const page = document.createDocumentFragment();
  kept = { page, title: document.title, address: location.href.split("#")[0], scrolled: window.scrollY };
  page.append(...document.body.childNodes);
  document.body.append(words.content.cloneNode(true));
  document.body.dataset.inHands = "";
  document.title = "Medspil";
  history.replaceState(history.state, "", LOCKED); // an address can hold a name that was searched for
}

/** Typed words that are not saved come back as they were; any other page is loaded anew. */
async function comeBack() {
  if (!kept || kept.asked) return;
  kept.asked = true;
  try {
    const answer = await fetch(ask, {
      headers: { Accept: "application/json", "X-Medspil-Quiet": "1" }, credentials: "same-origin", redirect: "manual",
    });
    if (!answer.ok || handover() || await isLocked()) return; // nobody is logged in; or it was handed over again
    const now = await answer.json();
    history.replaceState(history.state, "", kept.address);
    if (now.who === who && isUnsaved(kept.page)) restore(now.token);
    else location.replace(kept.address);
  } catch {
    // The server or the network is away: the page stays empty until it is looked at again.
  } finally {
    if (kept) kept.asked = false;
  }
}

function restore(token) {
  const { page, title, scrolled } = kept;
  kept = null;
  document.body.replaceChildren(page);
  delete document.body.dataset.inHands;
  document.title = title;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  window.scrollTo(0, scrolled);
}

async function look() {
  // What is painted last before the tab is hidden is what is seen first when it comes back.
  if (document.hidden) document.body.classList.add("is-away");
  if (handover() || await isLocked()) empty();
  else comeBack();
  if (!document.hidden) document.body.classList.remove("is-away");
}

window.addEventListener("pagehide", () => { document.body.hidden = true; });
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
hear(look);
look();
if (!handover()) tell();

// What a session's page carries for a place without a network (offline_tokens.js) is not carried on to another page.
sessionStorage.removeItem("medspil.form");
if (!document.querySelector("form[data-handover]")) sessionStorage.removeItem(CARRIED);
