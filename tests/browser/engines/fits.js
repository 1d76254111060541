// Opens a page in the frame, folds everything out, and says at each width what does not fit: [title, faults].
async (address, widths) => {
  const CLIPS = new Set(["hidden", "clip"]), OVER = new Set(["absolute", "fixed", "sticky"]), ROOM = 1.5, HEIGHT = 1180;
  const frame = document.querySelector("iframe");
  const later = (ms) => new Promise((go) => { setTimeout(go, ms); });
  // What watches a size has been told by the end of the next frame; a browser that draws none is not waited for.
  const drawn = (view) => Promise.race([later(30), new Promise((go) => { view.requestAnimationFrame(() => setTimeout(go)); })]);

  const words = (node) => node.textContent.trim().replace(/\s+/g, " ").slice(0, 40);

  /** Everything above a node that decides what of it is seen. */
  function above(element, style) {
    const parts = [];
    for (let node = element; node && node.tagName !== "BODY"; node = node.parentElement) parts.push([node, style(node)]);
    return parts;
  }

  function faults(view) {
    const page = view.document, root = page.documentElement, found = new Set(), texts = [];
    // Asked for once an element: everything that stands in it asks for it again, and at each width nothing moves.
    const known = new Map();
    const style = (node) => {
      if (!known.has(node)) {
        const { clipPath, overflowX, display, position } = view.getComputedStyle(node);
        known.set(node, { clipPath, overflowX, display, position });
      }
      return known.get(node);
    };
    if (root.scrollWidth > root.clientWidth + 1) found.add(`${root.scrollWidth - root.clientWidth} px wider than the screen`);

    function look(element, boxes, what) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
      const parts = above(element, style);
      if (parts.some(([, its]) => its.clipPath === "inset(50%)")) return false; // for screen readers
      for (const [node, its] of parts) {
        if (["auto", "scroll"].includes(its.overflowX)) break; // can be scrolled to
        const isCell = /^T[DH]$/.test(node.tagName) && its.display === "table-cell";
        if (!isCell && !CLIPS.has(its.overflowX)) continue;
        const edge = node.getBoundingClientRect();
        for (const box of boxes) {
          const out = Math.max(edge.left - box.left, box.right - edge.right);
          if (box.width && out > ROOM) found.add(`${what} ${Math.round(out)} px outside its ${isCell ? "cell" : node.className || node.tagName}`);
        }
      }
      return !parts.some(([, its]) => OVER.has(its.position)); // a menu or bar lies over the page by design
    }

    for (const node of page.querySelectorAll("button, a.btn, input:not([type=hidden]), select, textarea")) {
      if (!node.closest("svg")) look(node, [node.getBoundingClientRect()], `button "${words(node) || node.name}"`);
    }
    const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement;
      if (!node.data.trim() || parent.closest("svg, script, style, template, option, textarea")) continue;
      const range = page.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
      if (look(parent, boxes, `text "${words(node)}"`)) texts.push(...boxes.map((box) => ({ box, node })));
    }
    texts.sort((one, other) => one.box.top - other.box.top);
    texts.forEach(({ box, node }, at) => {
      for (const other of texts.slice(at + 1)) {
        if (other.box.top > box.bottom) break;
        if (other.node === node) continue;
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 2 && down > 0.4 * Math.min(box.height, other.box.height)) found.add(`"${words(node)}" lies on "${words(other.node)}"`);
      }
    });
    return [...found];
  }

  const loaded = new Promise((go) => { frame.addEventListener("load", go, { once: true }); });
  Object.assign(frame.style, { width: `${widths[0]}px`, height: `${HEIGHT}px` });
  frame.src = address;
  await Promise.race([loaded, later(20_000)]);
  const view = frame.contentWindow, page = frame.contentDocument;
  if (!page) return [`${address} shows no page`, []];
  await page.fonts.ready;
  for (const each of page.querySelectorAll("main details")) each.open = true;
  await later(30);
  const found = [];
  for (const width of widths) {
    frame.style.width = `${width}px`;
    await drawn(view);
    found.push(...faults(view).map((fault) => `${width}: ${fault}`));
  }
  return [page.title, found];
}
