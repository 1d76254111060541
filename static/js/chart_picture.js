// The picture that is saved: the curves on white, with what it needs to be filed: reference, legend, organisation, date, rules.
const SCALE = 2; // pixels of the file for one of the drawing
const EDGE = 24, TITLE = 20, WORDS = 13, LINE = 20, KEY = 22;

function loaded(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = address;
  });
}

function legend(root) {
  return [...root.querySelectorAll(".legend li:not(.c-state-words)")].map((item) => {
    const words = item.textContent.trim(), mark = item.querySelector(".event-key path"), key = item.querySelector(".key");
    if (mark) return { words, path: mark.getAttribute("d"), isFilled: mark.classList.contains("is-filled") };
    return { words, kind: ["srs", "band"].find((kind) => key.classList.contains(kind)) ?? "ors" };
  });
}

/** Each item's place: side by side, a new row where the width ends. */
function placed(items, brush, width) {
  let x = 0, row = 0;
  return items.map((item) => {
    const wide = KEY + brush.measureText(item.words).width;
    if (x && x + wide > width) { x = 0; row += 1; }
    const at = { ...item, x, row };
    x += wide + KEY;
    return at;
  });
}

/** A text in rows that are no wider than the picture. */
function rows(words, brush, width) {
  const found = [""];
  for (const word of words.split(" ")) {
    const longer = `${found.at(-1)} ${word}`.trim();
    if (brush.measureText(longer).width <= width || !found.at(-1)) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

function drawMark(brush, { path, isFilled }, x, y, colours) {
  const mark = new Path2D(path);
  brush.save();
  brush.translate(x + 6, y);
  brush.lineWidth = 2;
  brush.strokeStyle = brush.fillStyle = colours["--ink"];
  brush.stroke(mark);
  if (isFilled) brush.fill(mark);
  brush.restore();
}

function drawKey(brush, kind, x, y, colours) {
  brush.fillStyle = colours[`--${kind}`];
  brush.beginPath();
  if (kind === "ors") brush.arc(x + 6, y, 5.5, 0, 2 * Math.PI);
  else if (kind === "band") brush.rect(x, y - 5.5, 16, 11);
  else brush.rect(x + 0.5, y - 5.5, 11, 11);
  brush.fill();
}

// What the page's stylesheets say of the classes of a compared drawing (chart.css): an image has no stylesheet.
const drawnIn = (colours, family) => `text{font-family:${family.replaceAll('"', "'")};font-size:14px;fill:${colours["--ink-2"]}}
.c-grid{fill:none;stroke:${colours["--line"]}}.c-tick{text-anchor:end}.m-line{fill:none;stroke:${colours["--fjord"]};stroke-width:2}
.m-mark{fill:${colours["--fjord"]};stroke:#fff;stroke-width:1.2}.m-value{fill:${colours["--fjord"]};font-weight:600}
.m-limit{fill:none;stroke:${colours["--ink-2"]};stroke-width:1.2;stroke-dasharray:6 4}`;

/** What stands below the curves to be compared with them: the name of each and its drawing, as wide as the picture. */
function compared(root, width, colours) {
  const family = getComputedStyle(root).fontFamily;
  return Promise.all([...root.querySelectorAll(".chart-compare")].map(async (figure) => {
    const drawing = figure.querySelector(".chart-wide svg").cloneNode(true), style = document.createElementNS(drawing.namespaceURI, "style");
    const { width: wide, height: high } = drawing.viewBox.baseVal, height = high * width / wide;
    style.textContent = drawnIn(colours, family);
    drawing.prepend(style);
    drawing.setAttribute("width", width);
    drawing.setAttribute("height", height);
    const words = new XMLSerializer().serializeToString(drawing);
    const image = await loaded(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(words)}`);
    return { title: figure.querySelector("figcaption").textContent.trim(), image, height };
  }));
}

async function compose(root, image, { width, height }, colours) {
  // Plotly's picture has no font of the page, only those of the device: the words around it are written as its own are.
  const family = getComputedStyle(root).fontFamily.replace(/^"?Inter"?,\s*/, ""), room = width - 2 * EDGE;
  const canvas = document.createElement("canvas"), brush = canvas.getContext("2d");
  const write = (weight, size) => { brush.font = `${weight} ${size}px ${family}`; };
  write(400, WORDS);
  const items = placed(legend(root), brush, room), foot = rows(root.dataset.pictureLine, brush, room);
  write(640, TITLE);
  const head = rows(root.dataset.pictureTitle, brush, room);
  const below = await compared(root, width, colours), under = below.reduce((sum, one) => sum + LINE + one.height, 0);
  const top = EDGE + head.length * (TITLE + 6) + (items.at(-1).row + 1) * LINE + 8;
  canvas.width = width * SCALE;
  canvas.height = (top + height + under + foot.length * LINE + EDGE) * SCALE;
  brush.scale(SCALE, SCALE);
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.textBaseline = "middle";
  brush.fillStyle = colours["--ink"];
  write(640, TITLE);
  head.forEach((words, row) => brush.fillText(words, EDGE, EDGE + row * (TITLE + 6) + TITLE / 2));
  write(400, WORDS);
  for (const item of items) {
    const { kind, words, x, row } = item;
    const y = EDGE + head.length * (TITLE + 6) + row * LINE + LINE / 2 + 2;
    if (item.path) drawMark(brush, item, EDGE + x, y, colours);
    else drawKey(brush, kind, EDGE + x, y, colours);
    brush.fillStyle = colours["--ink-2"];
    brush.fillText(words, EDGE + x + KEY, y);
  }
  brush.drawImage(image, 0, top, width, height);
  brush.fillStyle = colours["--ink-2"];
  let end = top + height;
  for (const one of below) {
    brush.fillText(one.title, EDGE, end + LINE / 2);
    brush.drawImage(one.image, 0, end + LINE, width, one.height);
    end += LINE + one.height;
  }
  foot.forEach((words, row) => brush.fillText(words, EDGE, end + row * LINE + LINE / 2));
  return canvas;
}

/** Draw and download it; the browser shows where it went. Nothing happens where the library cannot be had. */
export async function savePicture(root, plot) {
  const drawn = await plot.image(SCALE);
  if (!drawn) return;
  const canvas = await compose(root, await loaded(drawn.address), drawn, plot.figures.colours);
  const file = await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: address, download: root.dataset.picture }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
