/* Dash, only for who uses it: its scripts come when the reader first touches a filter, or when nothing else is on its way and the
 * line is fast. Who asked to save data never gets them. Until they have come, and whenever Dash does not answer, a change of the
 * filters is asked for as a page (assets/vivo.js), with the same result.
 *
 * window.PadronDash = { listo(), pide(address, signal) }: whether it can be asked, and a promise of the HTML of a page.
 */
(() => {
  "use strict";
  const PATIENCE_MS = 2000; // without an answer by then, the page is asked for without Dash
  const QUIET_MS = 3000; // after the page has loaded: whatever the reader came for is there
  const FAST_MBPS = 5;
  const entry = document.getElementById("react-entry-point");
  const line = navigator.connection || {};
  const waiting = new Map(); // what was asked for and has no answer yet
  let asked = 0;
  let loading = false;
  let ready = false;
  if (!entry) return;

  const script = (src) => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject, async: false }));
  });

  async function load() {
    if (loading || line.saveData) return;
    loading = true;
    try {
      await Promise.all(entry.dataset.guiones.split(" ").map(script));
      window.renderer = new window.DashRenderer();
    } catch {
      loading = false; // without Dash all goes on; the next touch tries again
    }
  }

  function pide(address, signal) {
    const mine = `${(asked += 1)} ${address}`;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => end(() => reject(new Error("tarda"))), PATIENCE_MS);
      const end = (how) => {
        clearTimeout(late);
        waiting.delete(mine);
        how();
      };
      signal.addEventListener("abort", () => end(() => reject(signal.reason)));
      waiting.set(mine, (page) => end(() => resolve(page)));
      window.dash_clientside.set_props("consulta", { value: mine });
    });
  }

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    padron: {
      /** Called once when Dash has come, and then with each answer: {pedida, pagina}. */
      llego(answer) {
        ready = true;
        const { pedida, pagina } = JSON.parse(answer || "{}");
        waiting.get(pedida)?.(pagina);
        return window.dash_clientside.no_update;
      },
    },
  });
  window.PadronDash = { listo: () => ready, pide };

  for (const touch of ["focusin", "pointerdown"]) {
    document.addEventListener(touch, ({ target }) => target.closest?.("form[data-vivo]") && load(), { passive: true });
  }
  const isFast = () => line.effectiveType === "4g" && (line.downlink || 0) >= FAST_MBPS;
  const whenIdle = window.requestIdleCallback || ((work) => setTimeout(work));
  addEventListener("load", () => setTimeout(() => isFast() && whenIdle(load, { timeout: QUIET_MS }), QUIET_MS));
})();
