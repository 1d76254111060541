// A slider through the years: it takes the part of the page that its year's link leads to. Without it there are the links.
const slide = document.querySelector(".year-slide");
if (slide) {
  const range = slide.querySelector("input");
  const years = () => [...document.querySelectorAll("#spread-year .years a")];
  let running;

  const show = async () => {
    const link = years()[range.value];
    range.setAttribute("aria-valuetext", link.dataset.said);
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(link.href, { signal: running.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("spread-year");
      if (!answer.ok || answer.redirected || !found) return location.assign(link.href);
      document.getElementById("spread-year").replaceWith(document.adoptNode(found));
      history.replaceState(null, "", link.href);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(link.href);
    }
  };

  range.setAttribute("aria-valuetext", years()[range.value].dataset.said);
  range.addEventListener("input", show);
  slide.hidden = false;
}
