/* The buttons that copy an address: the whole of it, as this site is called where it is open. */
(() => {
  "use strict";
  const TOLD_MS = 2500;
  document.documentElement.classList.add("con-js");

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copiar]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(new URL(button.dataset.copiar, location.href).href);
      button.textContent = "Copiado";
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = "Selección lista: copie";
    }
    setTimeout(() => { button.textContent = "Copiar"; }, TOLD_MS);
  });
})();
