/* The glue of the visual mode: the address is the only state. A change in the form, the map or a link becomes an address;
 * the address goes to Dash; Dash's answer fills, through `pintar`, the parts of the page, the map, the form and the title.
 *
 * Until Dash has loaded (or if it never does) the page that the server painted stays, and a change is a plain navigation.
 */
(() => {
  "use strict";
  const ANSWER_MS = 15000; // an answer later than this is asked for again as a plain page
  const byId = (id) => document.getElementById(id);
  let ready = false; // Dash has answered once and taken the page over
  let waiting = 0;
  let focusAfter = "";
  let current = location.pathname + location.search;
  const seen = new Set(); // charts that have come into view
  const drawn = new Set(); // places where Plotly draws

  const lives = () => Boolean(byId("filtros"));

  function addressOf(form, place, changed = "") {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      // Of another indicator, the latest election stands for its own latest.
      if (name === "eleccion" && changed === "indicador" && !form.elements[name].selectedIndex) continue;
      if (name === "frente" && changed === "indicador") continue; // what one is set against says nothing of another
      const isDefault = !value || value === form.elements[name].dataset.inicial || name === "lugar";
      // One control chooses among the traits, and says whose its value is: «edad.18_25».
      const [trait, chosen] = name === "grupo" ? value.split(".") : [name, value];
      if (!isDefault) query.set(trait, chosen);
    }
    if (place) query.set("lugar", place);
    return `${form.getAttribute("action")}?${query}`;
  }

  function ask(url, { push = false, focus = "" } = {}) {
    if (!ready) return void location.assign(url);
    focusAfter = focus;
    history[push ? "pushState" : "replaceState"](null, "", url);
    send(url);
  }

  function send(url) {
    current = url;
    clearTimeout(waiting);
    waiting = setTimeout(() => location.assign(url), ANSWER_MS);
    window.dash_clientside.set_props("consulta", { data: { url, dibujadas: [...seen], n: Date.now() } });
  }

  // ---- what a person does --------------------------------------------------------------------------------------

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || form.id !== "filtros") return;
    // Another departamento or level is another set of places: the chosen one stays only if it belongs.
    const { value: place, dataset: { dentroDe } } = form.elements.lugar;
    ask(addressOf(form, dentroDe.split(" ").includes(form.elements.departamento.value) ? place : "", event.target.name));
  });

  // On a phone the filters are folded into what they say, until one wants to change them.
  document.addEventListener("click", ({ target }) => {
    if (target.id !== "cambiar") return;
    const open = target.form.classList.toggle("abierto");
    target.setAttribute("aria-expanded", String(open));
    target.textContent = open ? "Cerrar" : "Cambiar";
  });

  document.addEventListener("padron:lugar", (event) => {
    const { codigo } = event.detail;
    if (!lives()) return void location.assign(`/padron?lugar=${codigo}`);
    ask(addressOf(byId("filtros"), codigo), { push: true });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-lugar],a[data-interno]");
    if (!link || !lives() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // Where the focus goes: to the map, to the table or to the link itself, which says what is chosen now.
    const inside = { mapa: "#pregunta h1", "": "#tabla h2" }[link.dataset.interno] ?? `${link.dataset.interno} [aria-current]`;
    const focus = "lugar" in link.dataset ? (link.dataset.lugar ? "#lugar-elegido" : "#lateral h2") : inside;
    ask(link.pathname + link.search, { push: true, focus });
  });

  window.addEventListener("popstate", () => {
    const url = location.pathname + location.search;
    if (url === current) return; // only the fragment changed: the skip link, for one
    if (ready) send(url);
    else location.reload();
  });

  // ---- what an answer changes ----------------------------------------------------------------------------------

  function takeOver() {
    const first = byId("primera-pintura");
    if (!first) return;
    const entry = byId("react-entry-point");
    const active = document.activeElement;
    const key = first.contains(active) && !active.closest("#filtros, #mapa") ? active.getAttribute("href") : null;
    const held = active.closest("#filtros, #mapa") && active;
    const top = scrollY;
    for (const [what, where] of [["#filtros", "#marco-filtros"], ["#mapa", "#marco-mapa"]]) {
      const [node, place] = [first.querySelector(what), entry.querySelector(where)];
      if (node && place) place.append(node);
    }
    first.replaceWith(entry);
    entry.hidden = false;
    held?.focus({ preventScroll: true }); // not before: what is hidden takes no focus
    if (key) [...entry.querySelectorAll("a")].find((link) => link.getAttribute("href") === key)?.focus({ preventScroll: true });
    scrollTo({ top, behavior: "instant" }); // the page was shorter for a moment
    ready = true;
  }

  const written = new Map(); // the HTML that each part of the page was filled with
  function fill(parts) {
    const page = byId("react-entry-point");
    for (const [id, html] of Object.entries(parts)) {
      // A part that says the same stays as it is; a picture that Plotly draws is Plotly's.
      if (written.get(id) === html || drawn.has(id)) continue;
      written.set(id, html);
      const part = page.querySelector(`#${id}`);
      const open = [...part.querySelectorAll("details")].map((details) => details.open);
      const href = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
      part.innerHTML = html;
      // The policy lets a script say what the page's own rules say of what the server painted first.
      for (const node of part.querySelectorAll("[data-estilo]")) node.style.cssText = node.dataset.estilo;
      const now = part.querySelectorAll("details");
      if (now.length === open.length) now.forEach((details, i) => { details.open ||= open[i]; });
      if (href) [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === href)?.focus({ preventScroll: true });
    }
  }

  const filled = new WeakMap(); // what each select offers: one that is open is not touched for nothing
  function fillSelect(select, title, headings) {
    const offered = JSON.stringify(headings);
    if (filled.get(select) === offered) return;
    filled.set(select, offered);
    select.labels[0].textContent = title;
    select.replaceChildren(...headings.flatMap(([heading, pairs]) => {
      const options = pairs.map(([value, text]) => new Option(text, value));
      if (!heading) return options;
      const group = Object.assign(document.createElement("optgroup"), { label: heading });
      group.append(...options);
      return [group];
    }));
  }

  function fillForm(state) {
    const form = byId("filtros");
    for (const [name, { valor, activo, titulo, opciones, inicial }] of Object.entries(state.filtros)) {
      const select = form.elements[name];
      if (opciones) fillSelect(select, titulo, opciones);
      select.value = valor;
      select.dataset.inicial = inicial;
      select.disabled = !activo;
      select.closest(".campo").hidden = !activo;
    }
    byId("resumen").textContent = state.resumen;
    for (const [name, value] of Object.entries(state.guardados)) Object.assign(form.elements[name], { value, disabled: !value });
    form.elements.lugar.value = state.lugar;
    form.elements.lugar.dataset.dentroDe = state.dentro_de.join(" ");
    form.elements.lugar.disabled = !state.lugar;
  }

  function moveFocus() {
    const target = focusAfter && document.querySelector(focusAfter);
    focusAfter = "";
    if (!target) return;
    target.tabIndex = -1;
    target.focus();
  }

  function show(state) {
    fill(state.bloques);
    takeOver();
    fillForm(state);
    document.title = state.titulo;
    // A link must say the election that it shows: the latest will be another one some day.
    const asked = new URLSearchParams(location.search);
    if (state.filtros.eleccion?.activo && asked.has("indicador") && !asked.has("eleccion")) history.replaceState(null, "", state.consulta);
    for (const link of document.querySelectorAll("a[href^='/accesible']")) {
      if (link.matches(".modo, .pie a:last-of-type")) link.setAttribute("href", state.otro_modo);
    }
    window.PadronMapa.pintar(state);
    byId("anuncio").textContent = state.anuncio;
    moveFocus();
    watchCharts();
    document.documentElement.dataset.respuesta = state.consulta;
  }

  function pintar(state) {
    if (!state || state.pedida !== current) return window.dash_clientside.no_update; // a later question is on its way
    clearTimeout(waiting);
    requestAnimationFrame(function whenDrawn() {
      if (byId("primera-pintura") && !document.querySelector("#react-entry-point #pregunta")) requestAnimationFrame(whenDrawn);
      else show(state);
    });
    return window.dash_clientside.no_update;
  }

  // ---- charts, only when they come into view -------------------------------------------------------------------

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  // On a phone, or where the person asked to save data, the bars already say it all.
  const small = window.matchMedia("(max-width: 48rem)");
  const thrifty = () => small.matches || Boolean(navigator.connection && navigator.connection.saveData);
  const watcher = new IntersectionObserver(
    (entries) => {
      const names = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target.id.replace("-lienzo", ""));
      if (!names.length || thrifty()) return;
      for (const name of names) {
        seen.add(name);
        watcher.unobserve(byId(`${name}-lienzo`));
      }
      drawCharts();
    },
    { rootMargin: "120px" },
  );

  function watchCharts() {
    for (const node of document.querySelectorAll(".lienzo")) {
      if (!seen.has(node.id.replace("-lienzo", ""))) watcher.observe(node);
    }
  }

  // What only Plotly's component needs waits until there is a chart to draw.
  let helpers = null;
  function loadHelpers() {
    const urls = (byId("react-entry-point").dataset.graficas || "").split(" ").filter(Boolean);
    return Promise.all(
      urls.map(
        (url) =>
          new Promise((resolve, reject) => {
            const script = Object.assign(document.createElement("script"), { src: url, onload: resolve, onerror: reject });
            document.head.append(script);
          }),
      ),
    );
  }

  async function drawCharts() {
    helpers = helpers || loadHelpers();
    try {
      await helpers;
    } catch {
      helpers = null; // the bars already say it; the next chart tries again
      return;
    }
    window.dash_clientside.set_props("vistas", { data: [...seen, Date.now()] });
  }
  dark.addEventListener("change", () => ready && drawCharts());

  function graph(name, state) {
    const figures = state.graficas[name];
    const config = { displayModeBar: false, responsive: true };
    const figure = figures[dark.matches ? "oscuro" : "claro"];
    const place = byId(`${name}-lienzo`);
    place.style.minHeight = `${figure.layout.height}px`; // nothing moves while Plotly is on its way
    if (!drawn.has(place.id)) place.replaceChildren(); // the bars that the server painted
    drawn.add(place.id);
    return { type: "Graph", namespace: "dash_core_components", props: { id: `${name}-grafica`, figure, config } };
  }

  function graficar(views, state) {
    if (!state) return Array(2).fill(window.dash_clientside.no_update);
    return Object.keys(state.graficas).map((name) => (seen.has(name) && state.graficas[name] ? graph(name, state) : window.dash_clientside.no_update));
  }

  // ---- start ---------------------------------------------------------------------------------------------------

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    padron: { iniciar: () => ({ url: current, dibujadas: [] }), pintar, graficar },
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (window.DashRenderer) window.renderer = new window.DashRenderer();
  });
})();
