/* While what was asked for cannot be opened: says that it waits, asks now and then, and opens it once it can. */
(() => {
  "use strict";
  const NOT_YET = 503, LEAST_MS = 3000, SPREAD_MS = 3000;

  const soon = () => setTimeout(ask, LEAST_MS + Math.random() * SPREAD_MS);
  async function ask() {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.status !== NOT_YET) return location.reload();
    } catch {
      // Without a connection there is nothing to do but to ask again.
    }
    soon();
  }

  const told = document.getElementById("espera");
  told.textContent = told.dataset.espera;
  soon();
})();
