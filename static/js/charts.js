// The client's chart: tabs, the card of one session, and Plotly's picture in place of the server's at the first interest.
import { tabs } from "./chart_tabs.js";
import { SessionCard } from "./chart_card.js";
import { savePicture } from "./chart_picture.js";
import { Plot } from "./chart_plot.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

for (const root of document.querySelectorAll("[data-chart]")) {
  const box = root.querySelector(".chart-box");
  const figures = read("client-chart-figure");
  const plot = new Plot(box, figures, root.dataset);
  const card = new SessionCard(box, figures, read("client-chart-details"));
  tabs(root);
  box.tabIndex = 0;
  for (const interest of ["pointerenter", "pointerdown", "focus"]) {
    box.addEventListener(interest, () => plot.take(), { once: true });
  }
  root.querySelector("[data-chart-picture]")?.addEventListener("click", () => savePicture(root, plot));
  root.addEventListener("tabchange", () => { card.close(); plot.fit(); });
  root.classList.add("is-ready");
}
