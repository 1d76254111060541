// The line: a bare line on which the client sets one cross. The mark is stored as the share of the line in tenths (0-100),
// written into the plain form's own field as "d.d", so that it is the same at any size, zoom or pixel density.
const STEP = 1; // a tenth of a point
const PAGE = 10; // a whole point
const MIDDLE = 50; // where a first arrow key puts the mark, since a key has no place of its own
const FULL = 100;
const DRAG_AFTER_PX = 6; // a finger that moves less has tapped
const SETTLE_MS = 150; // a touch that stops a rolling page is no tap
const BANDS = [0, 15, 30, 44, 55, 69, 84, 99, FULL]; // upper ends of the words in a line's .line-words

const form = document.querySelector("form.lines");
const word = (name) => document.querySelector(`#form-words [data-word="${name}"]`).textContent;
const mirrored = getComputedStyle(form).direction === "rtl";
let lastScroll = -Infinity;
window.addEventListener("scroll", (event) => { lastScroll = event.timeStamp; }, { passive: true });

class Line {
  constructor(section) {
    this.section = section;
    this.track = section.querySelector(".track");
    this.rule = section.querySelector(".rule");
    this.cross = section.querySelector(".cross");
    this.field = section.querySelector("input");
    this.error = section.querySelector(".error");
    this.places = [...section.querySelectorAll(".line-words li")].map((item) => item.textContent);
    this.mark = null;
    this.touch = null;
    const given = Math.round(Number.parseFloat(this.field.value) * 10);
    this.field.type = "hidden";
    this.track.hidden = false;
    this.put(Number.isNaN(given) ? null : given);
    this.listen();
  }

  get frozen() {
    return form.hasAttribute("aria-busy");
  }

  /** Shows and stores a mark in tenths, or none. */
  put(tenths) {
    this.mark = tenths;
    const marked = tenths !== null;
    this.cross.hidden = !marked;
    this.section.classList.toggle("is-marked", marked);
    this.field.value = marked ? (tenths / 10).toFixed(1) : "";
    this.track.setAttribute("aria-valuenow", marked ? tenths : MIDDLE);
    this.track.setAttribute("aria-valuetext", marked ? this.places[BANDS.findIndex((end) => tenths <= end)] : word("unmarked"));
    if (marked) {
      this.rule.style.setProperty("--at", `${tenths}%`);
      this.complain("");
    }
    form.dispatchEvent(new Event("marks"));
  }

  complain(text) {
    this.error.textContent = text;
    this.section.classList.toggle("has-error", text !== "");
    if (text) this.track.setAttribute("aria-invalid", "true");
    else this.track.removeAttribute("aria-invalid");
  }

  tenthsAt(x) {
    const box = this.rule.getBoundingClientRect();
    const share = (x - box.left) / box.width;
    return Math.min(FULL, Math.max(0, Math.round((mirrored ? 1 - share : share) * FULL)));
  }

  /** How far the pointer took hold of the cross from its middle; 0 when it missed the cross. */
  grip(event) {
    if (this.mark === null) return 0;
    const box = this.cross.getBoundingClientRect();
    const off = event.clientX - (box.left + box.width / 2);
    return Math.abs(off) <= box.width / 2 ? off : 0;
  }

  listen() {
    this.track.addEventListener("pointerdown", (event) => this.down(event));
    this.track.addEventListener("pointermove", (event) => this.move(event));
    this.track.addEventListener("pointerup", (event) => this.up(event));
    this.track.addEventListener("pointercancel", () => this.cancel());
    this.track.addEventListener("keydown", (event) => this.key(event));
  }

  down(event) {
    if (this.frozen || event.button !== 0) return;
    if (!event.isPrimary) { this.cancel(); return; }
    const finger = event.pointerType !== "mouse";
    if (finger && event.timeStamp - lastScroll < SETTLE_MS) return;
    const grip = this.grip(event);
    this.touch = { id: event.pointerId, x: event.clientX, y: event.clientY, grip, before: this.mark, dragging: !finger };
    this.track.setPointerCapture(event.pointerId);
    if (!finger && grip === 0) this.put(this.tenthsAt(event.clientX));
  }

  move(event) {
    const touch = this.touch;
    if (!touch || touch.id !== event.pointerId || this.frozen) return;
    const across = Math.abs(event.clientX - touch.x);
    const along = Math.abs(event.clientY - touch.y);
    if (!touch.dragging && across > DRAG_AFTER_PX && across > along) touch.dragging = true;
    if (touch.dragging && across > 0) this.put(this.tenthsAt(event.clientX - touch.grip));
  }

  up(event) {
    const touch = this.touch;
    if (!touch || touch.id !== event.pointerId) return;
    this.touch = null;
    if (touch.dragging || this.frozen) return;
    const along = Math.abs(event.clientY - touch.y);
    const scrolled = along > DRAG_AFTER_PX && along > Math.abs(event.clientX - touch.x);
    if (!scrolled && touch.grip === 0) this.put(this.tenthsAt(event.clientX));
  }

  /** The browser took the movement for scrolling: as if the finger had never been here. */
  cancel() {
    if (this.touch && !this.frozen) this.put(this.touch.before);
    this.touch = null;
  }

  key(event) {
    if (this.frozen || event.altKey || event.ctrlKey || event.metaKey) return;
    const ahead = mirrored ? -STEP : STEP;
    const steps = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowUp: STEP, ArrowDown: -STEP, PageUp: PAGE, PageDown: -PAGE };
    const places = { Home: 0, End: FULL };
    let tenths;
    if (event.key in places) tenths = places[event.key];
    else if (event.key in steps) tenths = this.mark === null ? MIDDLE : this.mark + steps[event.key];
    else if ([" ", "Enter"].includes(event.key) && this.mark === null) tenths = MIDDLE;
    else return;
    event.preventDefault();
    this.put(Math.min(FULL, Math.max(0, tenths)));
  }
}

const count = form.querySelector(".count-words");
const pips = [...form.querySelectorAll(".pips i")];
const done = form.querySelector("#done");
const summary = form.querySelector("#errors");
let lines = [];

function tell() {
  const set = lines.filter((line) => line.mark !== null).length;
  const words = word("count").replace("{done}", set).replace("{all}", lines.length);
  if (count.textContent !== words) count.textContent = words;
  pips.forEach((pip, index) => pip.classList.toggle("is-set", index < set));
  if (set === lines.length) {
    done.classList.remove("is-waiting");
    summary.hidden = true;
  } else done.classList.add("is-waiting");
}

function refuse(missing) {
  summary.querySelector("ul").replaceChildren(...missing.map((line) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${line.track.id}`;
    link.textContent = line.track.getAttribute("aria-label");
    link.addEventListener("click", (event) => { event.preventDefault(); line.track.focus(); });
    item.append(link);
    return item;
  }));
  for (const line of missing) line.complain(word("missing"));
  summary.hidden = false;
  summary.focus();
  summary.scrollIntoView({ block: "nearest" });
}

const sections = [...form.querySelectorAll("section.line")];
const refusedByServer = new Map(sections.map((section) => [section, section.querySelector(".error").textContent]));
lines = sections.map((section) => new Line(section));
for (const line of lines) if (refusedByServer.get(line.section)) line.complain(refusedByServer.get(line.section));
form.addEventListener("marks", tell);
form.addEventListener("submit", (event) => {
  const missing = lines.filter((line) => line.mark === null);
  if (missing.length === 0) return;
  event.preventDefault();
  refuse(missing);
});
form.classList.add("is-drawn");
tell();
if (!summary.hidden) summary.focus();
