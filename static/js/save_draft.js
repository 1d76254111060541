// "Save and go on later": sends what is marked so far; without a connection the marks stay on the page.
const form = document.querySelector("form.lines");
const button = form.querySelector("#save-draft");
const status = form.querySelector(".sending");
const word = (name) => document.querySelector(`#form-words [data-word="${name}"]`).textContent;
const GIVE_UP_MS = 15000;

async function saveDraft() {
  const body = new URLSearchParams(new FormData(form));
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(button.formAction, { method: "POST", body, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (answer.ok) { location.replace(answer.url); return; }
    if (answer.status === 410) { location.replace(form.action); return; }
  } catch { /* no network: said below */ }
  form.removeAttribute("aria-busy");
  status.hidden = false;
  status.textContent = word("unkept");
}

// Taken in the capture phase: nothing of this press is a finished form's.
button?.addEventListener("click", (event) => {
  event.preventDefault();
  if (!form.hasAttribute("aria-busy")) saveDraft();
});
