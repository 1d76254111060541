// What this device is set to: the length of 10 cm on its screen, the hand, the single switch. Nothing about a client.
const KEY = "medspil.device";

export function read() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return stored && typeof stored === "object" ? stored : {};
  } catch {
    return {}; // a browser that keeps nothing, or somebody else's text
  }
}

/** Keeps `settings`; nothing is left where none is set. False where the browser keeps nothing. */
export function write(settings) {
  const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value));
  try {
    if (Object.keys(set).length) localStorage.setItem(KEY, JSON.stringify(set));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

/** 10 cm in CSS pixels now, or null. It is stored in the screen's own pixels: zooming changes CSS pixels, not these. */
export function tenCentimetres(settings) {
  const own = Number(settings.screenPixels);
  return own > 0 ? own / window.devicePixelRatio : null;
}
