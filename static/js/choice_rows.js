// A form of rows with one answer each: counts what is answered, and points at what is missing. Radio buttons do the rest.
const form = document.querySelector("form.lines");
const word = (name) => document.querySelector(`#form-words [data-word="${name}"]`).textContent;
const rows = [...form.querySelectorAll("fieldset.row-question")];
const count = form.querySelector(".count-words");
const pips = [...form.querySelectorAll(".pips i")];
const done = form.querySelector("#done");
const summary = form.querySelector("#errors");
const answered = (row) => row.querySelector("input:checked") !== null;

function complain(row, text) {
  row.querySelector(".error").textContent = text;
  row.classList.toggle("has-error", text !== "");
}

function tell() {
  const set = rows.filter(answered).length;
  const words = word("count").replace("{done}", set).replace("{all}", rows.length);
  if (count.textContent !== words) count.textContent = words;
  pips.forEach((pip, index) => pip.classList.toggle("is-set", index < set));
  done.classList.toggle("is-waiting", set < rows.length);
  if (set === rows.length) summary.hidden = true;
}

function refuse(missing) {
  summary.querySelector("ul").replaceChildren(...missing.map((row) => {
    const first = row.querySelector("input");
    const [item, link] = [document.createElement("li"), document.createElement("a")];
    link.href = "#main";
    link.textContent = row.querySelector("legend").textContent;
    link.addEventListener("click", (event) => { event.preventDefault(); first.focus(); });
    item.append(link);
    return item;
  }));
  for (const row of missing) complain(row, word("missing"));
  summary.hidden = false;
  summary.focus();
  summary.scrollIntoView({ block: "nearest" });
}

for (const row of rows) {
  row.addEventListener("change", () => { complain(row, ""); tell(); });
}
form.addEventListener("click", (event) => {
  // What is on its way to the server no longer changes.
  if (form.hasAttribute("aria-busy") && event.target.closest(".row-answers")) event.preventDefault();
});
form.addEventListener("submit", (event) => {
  const missing = rows.filter((row) => !answered(row));
  if (missing.length === 0) return;
  event.preventDefault();
  refuse(missing);
});
form.classList.add("is-drawn");
tell();
if (!summary.hidden) summary.focus();
