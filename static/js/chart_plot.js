// Plotly's picture in the place of the server's: the same geometry, scaled to the box, in the page's own colours.
const STYLE_ID = "plotly.js-style-global"; // Plotly writes its rules into the sheet of this id, which the policy allows
const CONFIG = { displayModeBar: false, responsive: false, staticPlot: true, showTips: false };

export function variant(box, figures) {
  const shown = [...box.querySelectorAll("svg.chart")].find((svg) => svg.getBoundingClientRect().width > 0);
  const name = shown?.closest(".chart-narrow") ? "narrow" : "wide";
  const figure = figures[name];
  return { name, figure, frame: figure.frame, scale: box.clientWidth / figure.layout.width };
}

function loaded(element, parent) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve, { once: true });
    element.addEventListener("error", reject, { once: true });
    parent.append(element);
  });
}

let library;
function plotly(addresses) {
  library ??= (async () => {
    if (!document.getElementById(STYLE_ID)) {
      await loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", id: STYLE_ID, href: addresses.plotlyStyle }), document.head);
    }
    await loaded(Object.assign(document.createElement("script"), { src: addresses.plotly }), document.head);
    return window.Plotly;
  })();
  library.catch(() => { library = undefined; }); // the server's picture stays, the next interest tries again
  return library;
}

function inPageColours(box, figure, colours) {
  const probe = document.createElement("span");
  box.append(probe);
  let words = JSON.stringify(figure);
  for (const [property, light] of Object.entries(colours)) {
    probe.style.color = `var(${property})`;
    words = words.replaceAll(light, getComputedStyle(probe).color);
  }
  probe.remove();
  return JSON.parse(words);
}

function scaled(figure, scale, family) {
  const { layout, data } = figure;
  const size = (font) => { font.size *= scale; };
  layout.width *= scale;
  layout.height *= scale;
  layout.font.family = family;
  size(layout.font);
  for (const side of ["l", "r", "t", "b"]) layout.margin[side] *= scale;
  for (const axis of [layout.xaxis, layout.yaxis]) axis.ticklen *= scale;
  for (const note of layout.annotations) {
    size(note.font);
    note.xshift = (note.xshift ?? 0) * scale;
    note.yshift = (note.yshift ?? 0) * scale;
  }
  for (const { line, marker } of data) {
    if (line) line.width *= scale;
    if (!marker) continue;
    marker.size = Array.isArray(marker.size) ? marker.size.map((each) => each * scale) : marker.size * scale;
    marker.line.width *= scale;
  }
  return figure;
}

export class Plot {
  constructor(box, figures, addresses) {
    this.box = box;
    this.figures = figures;
    this.addresses = addresses;
  }

  async take() {
    if (this.place) return;
    let library;
    try { library = await plotly(this.addresses); } catch { return; }
    if (this.place) return;
    this.library = library;
    this.place = document.createElement("div");
    this.place.className = "chart-plot";
    this.place.setAttribute("aria-hidden", "true");
    this.box.prepend(this.place);
    await this.fit();
    this.box.classList.add("is-taken");
    new ResizeObserver(() => this.fit()).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.drawnAt = 0; this.fit(); });
  }

  figure(scale, figure) {
    const coloured = inPageColours(this.box, { data: figure.data, layout: figure.layout }, this.figures.colours);
    return scaled(coloured, scale, getComputedStyle(this.box).fontFamily);
  }

  async fit() {
    const width = this.box.clientWidth;
    if (!this.place || !width || width === this.drawnAt) return;
    this.drawnAt = width;
    const { figure, scale } = variant(this.box, this.figures);
    const { data, layout } = this.figure(scale, figure);
    await this.library.react(this.place, data, layout, CONFIG);
  }

  /** The wide drawing in the light colours, as an address of data with its size; null where the library cannot be had. */
  async image(scale) {
    await this.take();
    if (!this.library) return null;
    const { data, layout } = structuredClone(this.figures.wide);
    const shown = data.filter(({ meta }) => meta !== "staff"); // a saved picture is for the client too, as a print is
    const figure = scaled({ data: shown, layout }, 1, getComputedStyle(this.box).fontFamily);
    const { width, height } = layout;
    return { width, height, address: await this.library.toImage({ ...figure, config: CONFIG }, { format: "png", width, height, scale }) };
  }
}
