"""How large what can be pressed is: 44 px for what a thumb uses, 24 px for the rest, as WCAG 2.5.8 counts it."""

THUMB, LEAST = 44, 24

# A target is as large as the area in which a press reaches it: an element's own box, or what a probe around its middle
# finds. A link in a sentence, and a small target with enough room around it, are the exceptions of WCAG 2.5.8.
MEASURE = """([thumb, least]) => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=slider]";
  const THUMBS = "button, .btn, select, textarea, input, summary, [role=button], [role=slider], .tabs a"
    + ", .top-nav a, .bottom-nav a";
  const label = (each) => each.labels?.length && /^(checkbox|radio)$/.test(each.type) ? each.labels[0] : null;
  const shown = (each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !each.closest("[inert], .hidden-text, .plotly, svg") && each.getBoundingClientRect().width > 1;
  const box = (each) => {
    const own = each.getBoundingClientRect(), other = label(each)?.getBoundingClientRect() ?? own;
    const left = Math.min(own.left, other.left), top = Math.min(own.top, other.top);
    const right = Math.max(own.right, other.right), bottom = Math.max(own.bottom, other.bottom);
    return { left, top, width: right - left, height: bottom - top };
  };
  const inSentence = (each) => each.matches("a") && getComputedStyle(each).display.startsWith("inline")
    && [...each.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim().length > 1);
  const reaches = (each, x, y) => {
    const found = document.elementFromPoint(x, y);
    return found && (each.contains(found) || label(each)?.contains(found));
  };
  const targets = [...document.querySelectorAll(CONTROLS)].filter((each) => shown(each) && !inSentence(each));
  const found = [];
  for (const each of targets) {
    const need = each.matches(THUMBS) ? thumb : least;
    let { left, top, width, height } = box(each);
    if (width >= need - 0.5 && height >= need - 0.5) continue;
    each.scrollIntoView({ block: "center", inline: "center" });
    ({ left, top, width, height } = box(each));
    const [x, y, half] = [left + width / 2, top + height / 2, need / 2 - 1];
    const wide = width >= need - 0.5 || (reaches(each, x - half, y) && reaches(each, x + half, y));
    const high = height >= need - 0.5 || (reaches(each, x, y - half) && reaches(each, x, y + half));
    if (wide && high) continue;
    const apart = need === least && targets.every((other) => {
      if (other === each || each.contains(other) || other.contains(each)) return true;
      const near = box(other);
      const dx = Math.max(near.left - x, 0, x - near.left - near.width);
      const dy = Math.max(near.top - y, 0, y - near.top - near.height);
      return Math.hypot(dx, dy) >= least / 2;
    });
    if (!apart) found.push(`${Math.round(width)}x${Math.round(height)} of ${need} px: ${each.outerHTML.slice(0, 110)}`);
  }
  window.scrollTo(0, 0);
  return found;
}"""


def too_small(page) -> list[str]:
    """What is too small to be pressed on the page as it is now: its size, the size it needs, its beginning."""
    return page.evaluate(MEASURE, [THUMB, LEAST])
