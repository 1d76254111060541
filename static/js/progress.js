// While a worker is busy: asks for the same page again and takes over the part that tells how far it is.
const EVERY = 1500;

const look = async (part) => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (!fresh) return location.reload();
      if (!("running" in fresh.dataset)) return location.reload();
      part.replaceWith(document.adoptNode(fresh));
      part = fresh;
    }
  } catch {
    // The server may be away for a moment: ask again.
  }
  setTimeout(look, EVERY, part);
};

for (const part of document.querySelectorAll("[data-running]")) setTimeout(look, EVERY, part);
