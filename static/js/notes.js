// What is written of a session (own words, remarks, decisions) is saved while it is typed; without this script the
// form's button saves it.
const PAUSE_MS = 900; // after the last key
const AGAIN_MS = 5000; // after a failed attempt

class Note {
  constructor(form) {
    this.form = form;
    this.fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
    this.version = form.elements.version;
    this.status = form.querySelector("[data-saved]");
    this.theirs = form.querySelector("[data-theirs]");
    this.stored = this.written;
    this.asked = false; // a colleague's text is shown: only the button saves
    this.running = null;
    for (const field of this.fields) {
      field.addEventListener("input", () => this.soon(PAUSE_MS));
      field.addEventListener("blur", () => this.save());
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.asked = false;
      this.save({ always: true });
    });
    window.addEventListener("online", () => this.save());
    window.addEventListener("pagehide", () => this.save({ keepalive: true }));
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  get written() {
    return JSON.stringify(this.fields.map((field) => field.type === "checkbox" ? field.checked : field.value));
  }

  get isOpen() {
    return this.written !== this.stored;
  }

  async store() {
    if (this.running) await this.running;
    await this.save();
  }

  /** One request at a time, so that our own versions never collide. */
  async save({ always = false, keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.asked || (!this.isOpen && !always)) return;
    if (this.running && !keepalive) {
      this.soon(PAUSE_MS);
      return;
    }
    this.running = this.send(this.written, keepalive);
    await this.running;
    this.running = null;
  }

  async send(written, keepalive) {
    this.status.textContent = this.form.dataset.saving;
    try {
      const answer = await fetch(this.form.action, {
        method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" },
        credentials: "same-origin", redirect: "error", keepalive,
      });
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(answer.status);
      this.take(answer.status, await answer.json(), written);
    } catch {
      this.status.textContent = this.form.dataset.unsaved;
      this.soon(AGAIN_MS);
    }
  }

  show(theirs) {
    this.theirs.querySelector("blockquote").textContent = theirs ?? "";
    this.theirs.hidden = theirs === undefined;
  }

  take(status, answer, written) {
    if (status === 200) {
      this.stored = written;
      this.version.value = answer.version;
      this.status.textContent = answer.saved;
      this.show(answer.theirs);
      if (this.isOpen) this.soon(PAUSE_MS);
    } else if (status === 409) {
      this.asked = true;
      this.version.value = answer.version;
      this.show(answer.theirs);
      this.status.textContent = this.form.dataset.other;
    } else this.status.textContent = answer.error;
  }
}

const notes = [...document.querySelectorAll("form[data-note]")].map((form) => new Note(form));

// Handing over ends the staff session, so what was just typed must be stored before any other form is sent.
document.addEventListener("submit", async (event) => {
  const open = notes.filter((note) => note.isOpen);
  if (event.defaultPrevented || open.length === 0) return;
  event.preventDefault();
  await Promise.all(open.map((note) => note.store()));
  const still = notes.find((note) => note.isOpen);
  if (still) still.fields[0].focus();
  else event.target.requestSubmit(event.submitter);
});
