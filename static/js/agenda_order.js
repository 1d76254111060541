// The cases of an agenda are dragged into another order; the buttons beside each do the same without a pointer.
const list = document.querySelector("[data-order]");

async function store() {
  const sent = new FormData();
  sent.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const item of list.children) sent.append("cases", item.dataset.case);
  try {
    const answer = await fetch(list.dataset.order, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
  } catch {
    // The page says again how it is stored.
  }
  location.reload();
}

let dragged = null;
for (const item of list?.children ?? []) {
  item.draggable = true;
  item.addEventListener("dragstart", (event) => {
    dragged = item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.case);
    item.classList.add("is-dragged");
  });
  item.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const box = item.getBoundingClientRect();
    const after = event.clientY > box.top + box.height / 2;
    if (item !== dragged) list.insertBefore(dragged, after ? item.nextSibling : item);
  });
  item.addEventListener("drop", (event) => event.preventDefault());
  item.addEventListener("dragend", () => {
    item.classList.remove("is-dragged");
    dragged = null;
    store();
  });
}
