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
  if (event.ctrlKey || event.metaKey) { form.requestSubmit(); return; }
  const seen = fields.filter((field) => field === event.target || field.offsetParent);
  const next = seen[seen.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
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
form.addEventListener("submit", () => { typed = false; });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
rows.forEach(sum);
(form.querySelector(".has-error [aria-invalid=true]") ?? form.querySelector(".paper-row:not(.is-saved) [name$=-client]"))?.focus();
