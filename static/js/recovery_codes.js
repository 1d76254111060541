// Recovery codes are shown once: save, print or copy them, without the server.
const card = document.getElementById("codes");
const said = card?.querySelector("[data-said]");
const text = () => `${card.querySelector(".only-print").textContent.trim()}\n\n${
  [...card.querySelectorAll("code")].map((code) => code.textContent).join("\n")}\n`;

const actions = {
  save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text()], { type: "text/plain" }));
    link.download = card.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  },
  print: () => window.print(),
  async copy() {
    await navigator.clipboard.writeText(text());
    said.textContent = card.dataset.copied;
  },
};

for (const button of card?.querySelectorAll("button[data-do]") ?? []) {
  button.hidden = button.dataset.do === "copy" && !navigator.clipboard;
  button.addEventListener("click", actions[button.dataset.do]);
}
