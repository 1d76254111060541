// Keying in papers without a mouse: Enter goes on, a new row takes the date of the one above, the sum is shown.
const form = document.querySelector("form.paper");
const rows = [...form.querySelectorAll(".paper-row")];
const fields = [...form.querySelectorAll(".paper-row input:not([type=hidden]):not([readonly]), .paper-row select, form.paper .actions button")];
const MARKS = "[name*=-mark]";
let typed = false;

const tenths = (text) => (/^\d{1,2}([.,]\d)?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(",", ".")) * 10) : null);

function sum(row) {
  const marks = [...row.querySelectorAll(MARKS)].map((field) => tenths(field.value)).filter((mark) => mark !== null);
  const all = marks.reduce((total, mark) => total + mark, 0) / 10;
  const places = row.querySelector("[name$=-form] :checked").hasAttribute("data-whole") ? 0 : 1;
  row.querySelector(".paper-sum").textContent = marks.length ? `= ${all.toLocaleString(document.documentElement.lang, { minimumFractionDigits: places })}` : "";
}

/** 62 on a ruler is 6.2 on the form: of two figures the second is the tenth. */
function intoTenths(field) {
  const whole = field.closest(".paper-row").querySelector("[name$=-form] :checked").hasAttribute("data-whole");
  if (whole || !/^\d\d$/.test(field.value.trim()) || Number(field.value) <= 10) return;
  field.value = (Number(field.value) / 10).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 });
}

/** Where Enter goes on to: past date and form that are the ones above, and past the total of marks that are all there. */
function nextAfter(field, seen) {
  const row = field.closest(".paper-row");
  const above = rows[rows.indexOf(row) - 1];
  const same = (name) => above && row.querySelector(name).value && row.querySelector(name).value === above.querySelector(name).value;
  if (field.name?.endsWith("-client") && field.value && same("[name$=held_on]")) return row.querySelector(MARKS);
  const marks = [...(row?.querySelectorAll(MARKS) ?? [])].filter((mark) => mark.offsetParent);
  const step = marks.length && field === marks.at(-1) && marks.every((mark) => tenths(mark.value) !== null) ? 2 : 1;
  return seen[seen.indexOf(field) + step];
}

/** A row that is begun takes date and form from the row above, where both can be seen and changed. */
function takeOver(row) {
  const above = rows[rows.indexOf(row) - 1];
  const [date, from] = [row.querySelector("[name$=held_on]"), above?.querySelector("[name$=held_on]")];
  if (!from || date.value || !from.value) return;
  date.value = from.value;
  row.querySelector("[name$=-form]").value = above.querySelector("[name$=-form]").value;
}

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.matches("button, a")) return;
  event.preventDefault();
  if (event.target.matches(MARKS)) intoTenths(event.target);
  if (event.ctrlKey || event.metaKey) { form.requestSubmit(); return; }
  const seen = fields.filter((field) => field === event.target || field.offsetParent);
  const next = event.shiftKey ? seen[seen.indexOf(event.target) - 1] : nextAfter(event.target, seen);
  (next ?? form.querySelector(".actions button")).focus();
  next?.select?.();
});
form.addEventListener("input", (event) => {
  typed = true;
  const row = event.target.closest(".paper-row");
  if (!row) return;
  if (event.target.name.endsWith("-client")) takeOver(row);
  sum(row);
});
form.addEventListener("change", (event) => {
  if (!event.target.matches(MARKS)) return;
  intoTenths(event.target);
  sum(event.target.closest(".paper-row"));
});
form.addEventListener("submit", () => { typed = false; });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
rows.forEach(sum);
(form.querySelector(".has-error [aria-invalid=true]") ?? form.querySelector(".paper-row:not(.is-saved) [name$=-client]"))?.focus();
