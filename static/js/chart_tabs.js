// Tabs over panels that without this module stand one below the other.
export function tabs(root) {
  const buttons = [...root.querySelectorAll("[role=tab]")];
  const panels = buttons.map((button) => document.getElementById(button.getAttribute("aria-controls")));
  const mirrored = getComputedStyle(root).direction === "rtl";

  function show(chosen, focus) {
    buttons.forEach((button, place) => {
      const on = place === chosen;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
      panels[place].classList.toggle("is-on", on);
    });
    if (focus) buttons[chosen].focus();
    root.dispatchEvent(new CustomEvent("tabchange"));
  }

  buttons.forEach((button, place) => {
    panels[place].setAttribute("role", "tabpanel");
    panels[place].setAttribute("aria-labelledby", button.id);
    button.addEventListener("click", () => show(place, false));
    button.addEventListener("keydown", (event) => {
      const forward = mirrored ? "ArrowLeft" : "ArrowRight";
      const back = mirrored ? "ArrowRight" : "ArrowLeft";
      const moves = { [forward]: place + 1, [back]: place - 1, Home: 0, End: buttons.length - 1 };
      if (!(event.key in moves)) return;
      event.preventDefault();
      show((moves[event.key] + buttons.length) % buttons.length, true);
    });
  });
}
