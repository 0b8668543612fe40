/* The buttons that copy an address (the whole of it, as this site is called where it is open), or the text of a box or before them. */
(() => {
  "use strict";
  const TOLD_MS = 2500;
  document.documentElement.classList.add("con-js");
  for (const node of document.querySelectorAll("[data-sitio]")) {
    node.textContent = node.textContent.replaceAll(node.dataset.sitio, location.origin);
  }

  // A code to be pasted in another site needs the whole address of this one.
  for (const box of document.querySelectorAll("textarea.codigo")) box.value = box.value.replace('src="/', `src="${location.origin}/`);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copiar], [data-copiar-de]");
    if (!button) return;
    const box = document.getElementById(button.dataset.copiarDe);
    try {
      const address = button.dataset.copiar;
      const before = box ? box.value : button.previousElementSibling.textContent;
      await navigator.clipboard.writeText(address ? new URL(address, location.href).href : before);
      button.textContent = "Copiado";
    } catch {
      if (box) box.select();
      else getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = "Selección lista: copie";
    }
    setTimeout(() => { button.textContent = "Copiar"; }, TOLD_MS);
  });
})();
