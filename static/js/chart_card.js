// The card that shows one whole session: by pointer, touch or arrow keys. All of its text goes in by textContent.
import { variant } from "./chart_plot.js";

const BESIDE_PX = 14; // from the guide line to the card
const BELOW_PX = 6; // from the curve to the card, on a phone

function piece(name, kind, words) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  if (words !== undefined) element.textContent = words;
  return element;
}

export class SessionCard {
  constructor(box, figures, details) {
    this.box = box;
    this.figures = figures;
    this.details = details;
    this.at = -1;
    this.card = piece("div", "chart-said");
    this.card.setAttribute("role", "status");
    this.guide = piece("div", "chart-guide");
    this.card.hidden = true;
    this.guide.hidden = true;
    box.append(this.guide, this.card);
    box.addEventListener("pointermove", (event) => this.point(event));
    box.addEventListener("pointerdown", (event) => this.point(event));
    box.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.close(); });
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("focus", () => { if (box.matches(":focus-visible")) this.show(this.last); });
    box.addEventListener("blur", () => this.close());
    document.addEventListener("pointerdown", (event) => { if (!box.contains(event.target)) this.close(); });
  }

  get last() { return this.details.sessions.length - 1; }

  point(event) {
    const { frame, scale } = variant(this.box, this.figures);
    const across = (event.clientX - this.box.getBoundingClientRect().left) / scale;
    const away = frame.places.map((place) => Math.abs(place - across));
    this.show(away.lastIndexOf(Math.min(...away)));
  }

  key(event) {
    const from = this.at < 0 ? this.last + 1 : this.at;
    const moves = { ArrowLeft: from - 1, ArrowRight: this.at < 0 ? 0 : from + 1, Home: 0, End: this.last };
    if (event.key === "Escape") this.close();
    else if (event.key in moves) {
      event.preventDefault();
      this.show(moves[event.key]);
    }
  }

  show(wanted) {
    const place = Math.max(0, Math.min(this.last, wanted));
    if (place === this.at) return;
    this.at = place;
    this.card.replaceChildren(...this.session(this.details.sessions[place]));
    this.card.hidden = false;
    this.guide.hidden = false;
    this.move(place);
  }

  move(place) {
    const { frame, scale, name } = variant(this.box, this.figures);
    const x = frame.places[place] * scale;
    this.guide.style.left = `${x}px`;
    this.guide.style.top = `${frame.top * scale}px`;
    this.guide.style.height = `${(frame.bottom - frame.top) * scale}px`;
    if (name === "narrow") { this.below(); return; }
    this.card.style.top = "";
    const room = this.box.clientWidth - this.card.offsetWidth;
    const right = x + BESIDE_PX;
    this.card.style.left = `${Math.max(0, right <= room ? right : x - BESIDE_PX - this.card.offsetWidth)}px`;
  }

  /** On a phone: below the curve where there is room above the menu at the thumb, else above it, else just over the menu. */
  below() {
    this.card.style.left = "";
    const box = this.box.getBoundingClientRect(), high = this.card.offsetHeight;
    const menu = document.querySelector(".bottom-nav")?.getBoundingClientRect();
    const end = (menu?.height ? menu.top : window.innerHeight) - BELOW_PX;
    const under = box.height + BELOW_PX, over = -high - BELOW_PX;
    const place = box.top + under + high <= end ? under : box.top + over >= 0 ? over : end - high - box.top;
    this.card.style.top = `${place}px`;
  }

  close() {
    this.at = -1;
    this.card.hidden = true;
    this.guide.hidden = true;
  }

  session(entry) {
    const pieces = [piece("p", "said-when", entry.event ? `${entry.title} · ${entry.event}` : entry.title)];
    for (const [kind, { label, items }] of Object.entries(this.details.names)) {
      const measured = entry[kind];
      if (!measured) continue;
      const list = piece("dl");
      list.append(piece("dt", `said-total said-${kind}`, label), piece("dd", `said-total said-${kind}`, measured.total || "–"));
      measured.marks.forEach((mark, line) => list.append(piece("dt", "", items[line]), piece("dd", "", mark || "–")));
      pieces.push(list);
      if (measured.note) pieces.push(piece("blockquote", `said-${kind}`, measured.note));
    }
    if (entry.beside) {
      const list = piece("dl");
      for (const [name, value] of entry.beside) list.append(piece("dt", "", name), piece("dd", "", value));
      pieces.push(list);
    }
    return pieces;
  }
}
