// Search as you type: asks for the same page and takes over one fragment of it.
for (const form of document.querySelectorAll("form[data-search]")) {
  let waiting, running;
  const find = async () => {
    const address = `${form.action || location.pathname}?${new URLSearchParams(new FormData(form))}`;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return form.submit();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById(form.dataset.search);
      if (!found) return form.submit();
      document.getElementById(form.dataset.search).replaceWith(document.adoptNode(found));
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    find();
  });
  form.querySelector("button")?.classList.add("hidden-text");
}
