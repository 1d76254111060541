// The line: a bare line on which the client sets one cross. The mark is stored as the share of the line in tenths (0-100),
// kept in a hidden field as "d.d", so that it is the same at any size, zoom or pixel density.
import { read, tenCentimetres } from "./device_settings.js";
import { correctTap } from "./tap_correction.js";

const STEP = 1; // a tenth of a point
const PAGE = 10; // a whole point
const MIDDLE = 50; // where a first arrow key puts the mark, since a key has no place of its own
const FULL = 100;
const DRAG_AFTER_PX = 6; // a finger that moves less has tapped
const SETTLE_MS = 150; // a touch that stops a rolling page is no tap
const STEPS_BACK = 20; // how many marks of a line can be taken back
const SWEEP_MS = 60; // a tenth of a point: six seconds from end to end, slow enough for one press
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
    this.error = section.querySelector(".error");
    this.places = [...section.querySelectorAll(".line-words li")].map((item) => item.textContent);
    this.ends = [...section.querySelectorAll(".ends > span:not(.hint)")].map((end) => end.textContent.trim());
    this.back = section.querySelector(".undo");
    this.mark = null;
    this.past = []; // earlier marks of this line, for taking back
    this.touch = null;
    this.sweeping = null;
    this.field = document.createElement("input");
    [this.field.type, this.field.name] = ["hidden", section.dataset.key];
    section.querySelector(".plain").replaceWith(this.field);
    this.track.hidden = false;
    this.put(section.dataset.mark ? Number(section.dataset.mark) : null);
    this.listen();
  }

  get frozen() {
    return form.hasAttribute("aria-busy");
  }

  /** Shows and stores a mark in tenths, or none. */
  put(tenths) {
    const before = this.mark;
    this.mark = tenths;
    const marked = tenths !== null;
    this.cross.hidden = !marked;
    this.section.classList.toggle("is-marked", marked);
    this.field.value = marked ? (tenths / 10).toFixed(1) : "";
    this.track.setAttribute("aria-valuenow", marked ? tenths : MIDDLE);
    this.track.setAttribute("aria-valuetext", marked ? this.spoken(tenths, before) : word("unmarked"));
    this.back.hidden = this.past.length === 0;
    if (marked) {
      this.rule.style.setProperty("--at", `${tenths}%`);
      this.complain("");
    }
    form.dispatchEvent(new Event("marks"));
  }

  spoken(tenths, before) {
    if ("numbers" in form.dataset) return (tenths / 10).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 });
    const place = this.placeOf(tenths);
    // A screen reader says only what differs: a step inside one place is told by where it goes, in turn in two ways.
    if (before === null || tenths === before || place !== this.placeOf(before) || this.sweeping || this.touch) return place;
    const end = this.ends[tenths > before ? 1 : 0];
    // A language that only a pack knows has no words for it: then the end and the place take turns.
    const said = word("step") ? [word("step"), word("step-again")].map((words) => words.replace("{end}", end)) : [end, place];
    return said[this.track.getAttribute("aria-valuetext") === said[0] ? 1 : 0];
  }

  placeOf(tenths) {
    return this.places[BANDS.findIndex((end) => tenths <= end)];
  }

  /** Remembers a mark that was changed; a run of keys is one change. */
  remember(before, byKey = false) {
    if (before === this.mark || (byKey && this.keyed)) return;
    this.keyed = byKey;
    this.past = [...this.past, before].slice(-STEPS_BACK);
    this.back.hidden = false;
  }

  takeBack() {
    if (this.frozen || this.past.length === 0) return;
    this.keyed = false;
    const held = document.activeElement === this.back;
    this.put(this.past.pop());
    if (held && this.back.hidden) this.track.focus();
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
    this.track.addEventListener("click", (event) => { if (event.detail === 0) this.press(); }); // a switch, a screen reader
    this.track.addEventListener("blur", () => { this.keyed = false; this.halt(); });
    this.back.addEventListener("click", () => this.takeBack());
  }

  down(event) {
    if (this.frozen || event.button !== 0) return;
    if (!event.isPrimary) { this.cancel(); return; }
    if (form.classList.contains("one-switch")) { this.press(); return; }
    const finger = event.pointerType !== "mouse";
    if (finger && event.timeStamp - lastScroll < SETTLE_MS) return;
    const grip = this.grip(event);
    const samples = [{ x: event.clientX, at: event.timeStamp }];
    this.touch = { id: event.pointerId, x: event.clientX, y: event.clientY, grip, before: this.mark, dragging: !finger, samples };
    this.track.setPointerCapture(event.pointerId);
    if (!finger && grip === 0) this.put(this.tenthsAt(event.clientX));
  }

  move(event) {
    const touch = this.touch;
    if (!touch || touch.id !== event.pointerId || this.frozen) return;
    touch.samples.push({ x: event.clientX, at: event.timeStamp });
    const across = Math.abs(event.clientX - touch.x);
    const along = Math.abs(event.clientY - touch.y);
    if (!touch.dragging && across > DRAG_AFTER_PX && across > along) touch.dragging = true;
    if (touch.dragging && across > 0) this.put(this.tenthsAt(event.clientX - touch.grip));
  }

  up(event) {
    const touch = this.touch;
    if (!touch || touch.id !== event.pointerId) return;
    this.touch = null;
    if (this.frozen) return;
    const meant = correctTap(touch.samples, { x: event.clientX, at: event.timeStamp });
    const along = Math.abs(event.clientY - touch.y);
    const scrolled = along > DRAG_AFTER_PX && along > Math.abs(event.clientX - touch.x);
    const moved = Math.abs(meant - touch.x) > 0;
    if (touch.dragging ? moved : !scrolled && touch.grip === 0) this.put(this.tenthsAt(meant - touch.grip));
    this.keyed = false;
    this.remember(touch.before);
  }

  /** The browser took the movement for scrolling: as if the finger had never been here. */
  cancel() {
    if (this.touch && !this.frozen) this.put(this.touch.before);
    this.touch = null;
  }

  key(event) {
    if (this.frozen || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); this.takeBack(); return; }
    if (event.ctrlKey || event.metaKey) return;
    if ([" ", "Enter"].includes(event.key)) { event.preventDefault(); if (!event.repeat) this.press(); return; }
    if (event.key === "Escape" && this.sweeping) { this.halt(); return; }
    const tenths = this.reached(event.key);
    if (tenths === undefined) return;
    event.preventDefault();
    this.halt();
    const before = this.mark;
    this.put(tenths);
    this.remember(before, true);
  }

  /** The mark that a key leads to: none by Delete, undefined for any other key. */
  reached(key) {
    const ahead = mirrored ? -STEP : STEP;
    const steps = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowUp: STEP, ArrowDown: -STEP, PageUp: PAGE, PageDown: -PAGE };
    const places = { Home: 0, End: FULL, Delete: null, Backspace: null };
    if (key in places) return places[key];
    if (!(key in steps)) return undefined;
    return this.mark === null ? MIDDLE : Math.min(FULL, Math.max(0, this.mark + steps[key]));
  }

  /** One switch: the first press sends the cross along the line, the second one sets it. Else a press has no place. */
  press() {
    if (this.frozen || !form.classList.contains("one-switch")) return;
    if (this.sweeping === null) this.sweep();
    else {
      const { timer, before } = this.sweeping;
      clearInterval(timer);
      this.sweeping = null;
      this.remember(before);
      (lines.find((line) => line.mark === null)?.track ?? done).focus();
    }
  }

  sweep() {
    let [at, way] = [0, STEP];
    this.track.focus();
    this.sweeping = { before: this.mark };
    this.put(at);
    this.sweeping.timer = setInterval(() => {
      if (this.frozen) { this.halt(); return; }
      if (at + way > FULL || at + way < 0) way = -way;
      at += way;
      this.put(at);
    }, SWEEP_MS);
  }

  /** Ends a sweep that nobody stopped: as if it had never begun. */
  halt() {
    if (!this.sweeping) return;
    const { timer, before } = this.sweeping;
    clearInterval(timer);
    this.sweeping = null;
    this.put(before);
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

/** The device's own settings, and the client's choice for this form only. */
function furnish(settings) {
  const fit = () => {
    const length = tenCentimetres(settings);
    if (length) form.style.setProperty("--line-length", `${length}px`);
  };
  fit();
  window.addEventListener("resize", fit); // zooming changes what a CSS pixel is
  for (const box of document.querySelectorAll(".ways input")) {
    box.checked = Boolean(settings[box.name]);
    const apply = () => {
      for (const line of lines) line.halt();
      form.classList.toggle(box.value, box.checked);
    };
    box.addEventListener("change", apply);
    apply();
  }
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
furnish(read());
tell();
if (!summary.hidden) summary.focus();
