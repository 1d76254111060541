// The place that a hand meant when it let go: a finger slides while it lifts, and a shaking hand swings around its aim.
const TAP_MS = 220; // a touch this short has one place
const SLIDE_PX = 28; // how far a lifting finger may slide away
const SLIDE_MS = 250; // and how long
const REST_MS = 120; // a shorter stay is passing by
const REST_PX = 6; // a quiet finger still moves a little
const SHAKE_MS = 900; // a tremor of 4-12 Hz turns several times in this time (Bhatia et al. 2018)
const SHAKE_PX = 64; // a wider swing is steering
const TURN_PX = 3; // less is the screen's own noise
const TURNS = 3;

/** The x in whose halves a pointer spent as much time to the left as to the right. */
function middle(samples, until) {
  const places = samples
    .map((sample, index) => ({ x: sample.x, time: (samples[index + 1]?.at ?? until) - sample.at }))
    .sort((a, b) => a.x - b.x);
  const half = places.reduce((sum, place) => sum + place.time, 0) / 2;
  let passed = 0;
  for (const place of places) {
    passed += place.time;
    if (passed > half) return place.x;
  }
  return places[places.length - 1].x;
}

const spread = (samples) => Math.max(...samples.map(({ x }) => x)) - Math.min(...samples.map(({ x }) => x));

/** Where a movement changed its direction, as indices of samples. */
function turns(samples) {
  const found = [];
  let [extreme, way] = [0, 0];
  samples.forEach(({ x }, index) => {
    const moved = x - samples[extreme].x;
    if (way !== 0 && Math.sign(moved) === way) extreme = index;
    else if (Math.abs(moved) >= TURN_PX) {
      if (way !== 0) found.push(extreme);
      [extreme, way] = [index, Math.sign(moved)];
    }
  });
  return found;
}

function shaken(samples, until) {
  const late = samples.filter(({ at }) => until - at <= SHAKE_MS);
  const found = turns(late);
  if (found.length < TURNS) return null;
  const swing = late.slice(found[0], found[found.length - 1] + 1);
  return spread(swing) <= SHAKE_PX ? middle(swing, late[found[found.length - 1] + 1]?.at ?? until) : null;
}

function rested(samples, lifted) {
  for (let end = samples.length - 1; end >= 0; end -= 1) {
    const left = samples[end + 1]?.at ?? lifted.at;
    if (lifted.at - left > SLIDE_MS) return null;
    for (let start = end; start >= 0 && spread(samples.slice(start, end + 1)) <= REST_PX; start -= 1) {
      if (left - samples[start].at < REST_MS) continue;
      const place = middle(samples.slice(start, end + 1), left);
      return Math.abs(lifted.x - place) <= SLIDE_PX ? place : null;
    }
  }
  return null;
}

/** The x that a touch meant. `samples` are its places {x, at} in CSS pixels and milliseconds, oldest first; `lifted` is the last. */
export function correctTap(samples, lifted) {
  const all = [...samples, lifted];
  if (lifted.at - samples[0].at <= TAP_MS && spread(all) <= SLIDE_PX) return middle(samples, lifted.at);
  return shaken(samples, lifted.at) ?? rested(samples, lifted) ?? lifted.x;
}
