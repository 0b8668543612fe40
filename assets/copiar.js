/* The buttons that copy an address (the whole of it, as this site is called where it is open) or the text before them. */
(() => {
  "use strict";
  const TOLD_MS = 2500;
  document.documentElement.classList.add("con-js");
  for (const node of document.querySelectorAll("[data-sitio]")) {
    node.textContent = node.textContent.replaceAll(node.dataset.sitio, location.origin);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copiar]");
    if (!button) return;
    try {
      const address = button.dataset.copiar;
      const text = address ? new URL(address, location.href).href : button.previousElementSibling.textContent;
      await navigator.clipboard.writeText(text);
      button.textContent = "Copiado";
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = "Selección lista: copie";
    }
    setTimeout(() => { button.textContent = "Copiar"; }, TOLD_MS);
  });
})();
