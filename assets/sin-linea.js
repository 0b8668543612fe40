/* So that what was seen can be seen again without a line: starts the service worker (assets/trabajador.js) and, on the page of a
 * place, when nothing else is on its way and nobody asked to save data, gets the profiles of the places of its departamento.
 */
(() => {
  "use strict";
  const QUIET_MS = 4000;
  const { trabajador } = document.currentScript.dataset;
  const line = navigator.connection || {};
  if (!("serviceWorker" in navigator) || !trabajador) return;

  async function getTheOnesAround() {
    if (line.saveData || /2g|3g/.test(line.effectiveType || "")) return;
    const [, profile] = /^\/ficha\/(\d+)$/.exec(location.pathname) || [];
    const here = profile || new URLSearchParams(location.search).get("lugar");
    const list = document.getElementById("q")?.dataset.lugares;
    if (!here || !list) return;
    const places = await fetch(list).then((answer) => answer.json()).catch(() => ({}));
    const departamento = places[here]?.[2] || here;
    const around = Object.keys(places).filter((code) => code === departamento || places[code][2] === departamento);
    for (const code of around) await fetch(`/ficha/${code}`, { headers: { Accept: "text/html" }, priority: "low" }).catch(() => null);
  }

  addEventListener("load", async () => {
    const worker = navigator.serviceWorker;
    const isFirst = !worker.controller;
    const taken = new Promise((resolve) => worker.addEventListener("controllerchange", resolve, { once: true }));
    const registered = await worker.register(trabajador, { scope: "/" }).catch(() => null);
    if (!registered) return;
    // The first page came before there was anybody to keep it.
    if (isFirst) {
      await taken;
      fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
      for (const node of document.querySelectorAll("link[rel=stylesheet], script[src]")) fetch(node.href || node.src).catch(() => null);
      for (const name of ["nacional", "lugares"]) {
        const address = document.getElementById("mapa")?.dataset[name];
        if (address) fetch(address).catch(() => null);
      }
    }
    setTimeout(getTheOnesAround, QUIET_MS);
  });
})();
