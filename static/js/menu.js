// Menus are <details>: close them on Escape, on a tap elsewhere, and when the focus leaves them.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

// What opens below the edge of the screen, or below the menu at the thumb, is scrolled up to it.
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches("main details.menu")) target.querySelector(".menu-panel").scrollIntoView({ block: "nearest" });
}, true);

// A page that comes back with errors starts there.
document.getElementById("errors")?.focus();
