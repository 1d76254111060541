// A page of the staff never comes back from the browser's memory: it is empty when it is left, and loaded anew.
window.addEventListener("pagehide", () => { document.body.hidden = true; });
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
// What a session's page carries for a place without a network (carry.js) is not carried on to another page.
if (!document.querySelector("form[data-handover]")) sessionStorage.removeItem("medspil.forms");
