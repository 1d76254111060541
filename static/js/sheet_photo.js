// A photographed sheet: under each cut-out a line at the same scale; number, line and the two small steps go together.
const tenths = (text) => (/^\d{1,2}([.,]\d)?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(",", ".")) * 10) : null);
const said = (mark) => (mark / 10).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 });

const form = document.querySelector("form.sheet-photo");
const lines = [...form.querySelectorAll(".sheet-line")];
const numbers = lines.map((line) => line.querySelector("[name^=mark]"));
const count = form.querySelector(".sheet-count");

const path = [...form.querySelectorAll("[name=client], [name=held_on]"), ...numbers, form.querySelector(".actions button")];

function goOn(field) {
  const next = path[path.indexOf(field) + 1];
  next.focus();
  next.select?.();
}

/** How many lines somebody has looked at. */
function tell() {
  const done = lines.filter((line) => line.querySelector("[name^=fits]").checked).length;
  count.textContent = count.dataset.words.replace("{done}", done).replace("{all}", lines.length);
  count.classList.toggle("is-whole", done === lines.length);
}

for (const line of lines) {
  const range = line.querySelector("[type=range]");
  const number = line.querySelector("[name^=mark]");
  const fits = line.querySelector("[name^=fits]");
  const show = () => {
    const mark = tenths(number.value);
    range.classList.toggle("is-empty", mark === null);
    if (mark !== null) range.value = mark;
  };
  // Whoever puts a line right has looked at it.
  const set = (mark) => {
    number.value = said(Math.min(100, Math.max(0, mark)));
    fits.checked = true;
    show();
    tell();
  };
  range.hidden = line.querySelector(".sheet-steps").hidden = false;
  range.addEventListener("input", () => set(Number(range.value)));
  // A range without a mark stands in the middle: a tap there changes nothing, and means it all the same. A finger on a
  // range makes no click.
  for (const tap of ["click", "pointerup"]) {
    range.addEventListener(tap, () => { if (range.classList.contains("is-empty")) set(Number(range.value)); });
  }
  number.addEventListener("input", () => { fits.checked = tenths(number.value) !== null; show(); tell(); });
  fits.addEventListener("change", tell);
  // Without a mouse: Enter means that it fits, and a line without a mark is not left by it.
  number.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (step) { event.preventDefault(); set((tenths(number.value) ?? Number(range.value)) + step); }
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (tenths(number.value) === null) return;
    fits.checked = true;
    tell();
    goOn(number);
  });
  for (const step of line.querySelectorAll("[data-step]")) {
    step.addEventListener("click", () => set((tenths(number.value) ?? Number(range.value)) + Number(step.dataset.step)));
  }
  const mark = tenths(number.value);
  if (mark !== null) number.value = said(mark);
  show();
}
for (const field of form.querySelectorAll("[name=client], [name=held_on]")) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    goOn(field);
  });
}
tell();
count.hidden = false;
// Where there is a keyboard it begins at what is asked for first, or at what was refused.
if (matchMedia("(hover: hover) and (pointer: fine)").matches) {
  document.querySelector(".sheet-keys").hidden = false;
  const first = form.querySelector("[aria-invalid=true]:not([type=checkbox])") ?? path[0];
  first.focus({ preventScroll: true });
  first.select();
}
