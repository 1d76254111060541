// A page of the staff never comes back from the browser's memory: it is empty when it is left, and loaded anew.
window.addEventListener("pagehide", () => { document.body.hidden = true; });
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
