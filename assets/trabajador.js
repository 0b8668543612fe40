/* What the site shows without a line, as a service worker: the pages that this device visited and the profiles of the places around
 * them (the scripts of the page ask for those: assets/sin-linea.js), each with the day when it was got. Pages come from the network
 * while there is one; what never changes (files with their hash or their release in the address) comes from the device first.
 * Nothing is told to anybody, and a page with an error is not kept.
 */
"use strict";
const PAGES = "paginas";
const FILES = "archivos";
const MOST = { [PAGES]: 120, [FILES]: 160 };
const WHEN = "x-vista-el"; // when a page was got, in milliseconds
const FOR_EVER = /^\/(assets\/.*\?v=|lugares\/|descargas\/[^/]+\/mapa_)|^\/(assets\/.*|favicon)/;
const NOT_PAGES = /^\/(api|descargas|imagen|vista-previa|analisis\/|incrustar|salud|_dash)/;

addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

/** Keeps an answer, and lets go of the oldest when there are too many. */
async function keep(name, request, answer) {
  const cache = await caches.open(name);
  const headers = new Headers(answer.headers);
  headers.set(WHEN, Date.now());
  await cache.put(request, new Response(await answer.blob(), { status: answer.status, headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((key) => cache.delete(key)));
}

async function file(event) {
  const found = await caches.match(event.request);
  if (found) return found;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keep(FILES, event.request, answer.clone()));
  return answer;
}

const inWords = (time) => new Date(Number(time)).toLocaleString("es-GT", { dateStyle: "long", timeStyle: "short" });

/** The page as it was got, which says so before anything else. */
async function asItWas(found) {
  const words = `Sin conexión. Esto es lo que se vio el ${inWords(found.headers.get(WHEN))}.`.replace(/\.\.$/, ".");
  const html = (await found.text()).replace(/<main [^>]*>/, (main) => `${main}<p class="sin-linea" role="status">${words}</p>`);
  return new Response(html, { status: 200, headers: found.headers });
}

/** What is shown of a page that this device never got: which ones it has. */
async function whatThereIs() {
  const cache = await caches.open(PAGES);
  const pages = await Promise.all((await cache.keys()).reverse().map(async (key) => {
    const [, title] = /<title>([^<]*)<\/title>/.exec(await (await cache.match(key)).text()) || [];
    const { pathname, search } = new URL(key.url);
    return title ? `<li><a href="${(pathname + search).replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">${title.split(" | ")[0]}</a></li>` : "";
  }));
  const sheets = (await (await caches.open(FILES)).keys()).map(({ url }) => url).filter((url) => /\/estilos\.css/.test(url)).slice(-1);
  const html = `<!doctype html><html lang="es-GT"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sin conexión | Padrón Abierto</title>${sheets.map((url) => `<link rel="stylesheet" href="${url}">`).join("")}</head>
<body><main class="ancho" id="contenido"><h1>Sin conexión</h1><p class="respuesta">Esta página todavía no está en su aparato. ${pages.some(Boolean) ? "Estas sí:" : ""}</p><ul>${pages.join("")}</ul></main></body></html>`;
  const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy } });
}

async function page(event) {
  const { request } = event;
  try {
    // Asked of the site itself: a copy that the browser may show for a while would pass for what it says now.
    const answer = await fetch(request.url, { headers: request.headers, redirect: request.redirect, cache: "no-cache", signal: request.signal });
    const isPage = answer.ok && !answer.redirected && (answer.headers.get("content-type") || "").startsWith("text/html");
    if (isPage) event.waitUntil(keep(PAGES, request.url, answer.clone()));
    return answer;
  } catch (error) {
    const found = await (await caches.open(PAGES)).match(request.url);
    if (found) return asItWas(found);
    if (request.mode === "navigate") return whatThereIs();
    throw error; // a script of the page says it in its place
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FOR_EVER.test(pathname + search)) event.respondWith(file(event));
  else if (!NOT_PAGES.test(pathname) && (request.headers.get("accept") || "").includes("text/html")) event.respondWith(page(event));
});
