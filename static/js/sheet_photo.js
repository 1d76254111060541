// A photographed sheet: under each cut-out a line at the same scale; number, line and the two small steps go together.
const tenths = (text) => (/^\d{1,2}([.,]\d)?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(",", ".")) * 10) : null);
const said = (mark) => (mark / 10).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 });

for (const line of document.querySelectorAll(".sheet-line")) {
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
  };
  range.hidden = line.querySelector(".sheet-steps").hidden = false;
  range.addEventListener("input", () => set(Number(range.value)));
  // A range without a mark stands in the middle: a tap there changes nothing, and means it all the same.
  range.addEventListener("click", () => { if (range.classList.contains("is-empty")) set(Number(range.value)); });
  number.addEventListener("input", () => { fits.checked = tenths(number.value) !== null; show(); });
  for (const step of line.querySelectorAll("[data-step]")) {
    step.addEventListener("click", () => set((tenths(number.value) ?? Number(range.value)) + Number(step.dataset.step)));
  }
  const mark = tenths(number.value);
  if (mark !== null) number.value = said(mark);
  show();
}
