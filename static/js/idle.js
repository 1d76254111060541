// A form that nobody touches for two minutes covers itself; the marks stay under the cover.
const IDLE_MS = 2 * 60 * 1000;
const WAYS = ["pointerdown", "pointermove", "keydown", "scroll"];

const cover = document.querySelector("[data-idle]");
const main = document.querySelector("main");
let timer = null;
let touched = 0;

function rest() {
  touched = Date.now();
  clearTimeout(timer);
  if (cover.hidden) timer = setTimeout(() => show(true), IDLE_MS);
}

function show(covered) {
  cover.hidden = !covered;
  main.hidden = covered;
  if (covered) cover.querySelector("button").focus();
  rest();
}

for (const way of WAYS) window.addEventListener(way, rest, { passive: true });
cover.querySelector("button").addEventListener("click", () => show(false));
document.addEventListener("visibilitychange", () => { // a device that slept did not count the minutes
  if (document.visibilityState === "visible" && Date.now() - touched > IDLE_MS) show(true);
});
rest();
