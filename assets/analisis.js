/* The figures that are being gathered are in the address of /analisis: while this tab is open, a figure that is added joins them. */
(() => {
  "use strict";
  const KEPT = "tarjetas", MOST = 20;
  const here = new URL(location.href);
  if (here.pathname.replace(/^\/accesible/, "").replace(/\/$/, "") === "/analisis") {
    sessionStorage.setItem(KEPT, here.searchParams.get(KEPT) || "");
    return;
  }
  const before = (sessionStorage.getItem(KEPT) || "").split(".").filter(Boolean);
  for (const link of document.querySelectorAll("a[data-tarjeta]")) {
    const figure = link.dataset.tarjeta;
    const all = [...before.filter((one) => one !== figure), figure].slice(-MOST);
    const address = new URL(link.href);
    address.searchParams.set(KEPT, all.join("."));
    link.href = address.pathname + address.search.replaceAll("%7E", "~").replaceAll("%2C", ",");
    if (before.length) link.textContent = `agregarla a su análisis, con las ${before.length} que ya reunió`;
  }
})();
