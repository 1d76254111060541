// Measures the screen with a bank card (ISO/IEC 7810 ID-1: 85.60 mm wide), so that a line can be 10 cm long.
import { read, tenCentimetres, write } from "./device_settings.js";

const LINE_MM = 100;
const form = document.querySelector(".screen-form");
const cardMm = Number(form.dataset.width);
const range = form.querySelector("input[type=range]");
const settings = read();
const boxes = ["leftHand", "oneSwitch"].map((name) => form.elements[name]);

function draw() {
  form.style.setProperty("--card-width", `${range.value}px`);
  form.style.setProperty("--ten", `${(Number(range.value) * LINE_MM) / cardMm}px`);
}

function say(name) {
  for (const note of form.querySelectorAll("[data-said]")) note.hidden = note.dataset.said !== name;
}

const known = tenCentimetres(settings);
if (known) range.value = Math.round((known * cardMm) / LINE_MM);
form.elements.exact.checked = known !== null;
for (const box of boxes) box.checked = Boolean(settings[box.name]);
range.addEventListener("input", draw);
form.addEventListener("input", () => say(""));
for (const button of form.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => {
    range.value = Number(range.value) + Number(button.dataset.step);
    form.elements.exact.checked = true;
    draw();
    say("");
  });
}
range.addEventListener("input", () => { form.elements.exact.checked = true; });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const own = ((Number(range.value) * LINE_MM) / cardMm) * window.devicePixelRatio;
  const chosen = Object.fromEntries(boxes.map((box) => [box.name, box.checked]));
  say(write({ ...chosen, screenPixels: form.elements.exact.checked ? Math.round(own * 100) / 100 : 0 }) ? "saved" : "failed");
});
form.hidden = false;
draw();
