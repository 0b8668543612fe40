/* The map: paints one answer on the paths built by the ETL and lets a person choose a place.
 *
 * window.PadronMapa = { montar(container, state, {alElegir}), pintar(state), enfocar(code) }. A choice is the bubbling
 * event "padron:lugar" ({codigo}, "" for none); whoever listens decides the URL and calls pintar().
 *
 * The shapes are options of one ARIA listbox: screen readers give it the arrow keys, which they would keep among 340
 * buttons. Arrows go to a neighbour, Home and End to the first and last, letters to a name, Enter and Space choose,
 * Escape closes the tooltip and then clears the choice.
 */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const HELP = "Flechas: vecino · letras: nombre · Enter: elegir · Esc: quitar";
  const TYPING_MS = 800; // a longer pause starts a new name
  const SMALL_PX = 18; // a chosen place smaller than this also gets a ring around it
  document.documentElement.classList.add("con-js");

  const MOST_LABELS = 60; // more names would hide the map
  const { fold } = window.PadronTexto;
  const set = (node, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) node.removeAttribute(name);
      else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
    }
    return node;
  };
  const make = (tag, attributes, parent) => {
    const node = set(document.createElementNS(NS, tag), attributes);
    parent?.append(node);
    return node;
  };
  const asJson = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));

  let box, svg, layers, tip, state, options, national, detail, detailCode, names, nodes;
  let current = ""; // the only option in the tab order
  let lastMove = {}; // so that the opposite arrow comes back
  let typed = "";
  let typedAt = -TYPING_MS;
  let tipAt; // [code, pointer position, or nothing for the keyboard]

  const geometry = (code) => Object.keys(nodes).map((layer) => (detail || national)[layer][code]).find(Boolean);
  const shown = () => nodes[state.capa]; // what the server calls each layer and each class comes in the page
  const isOpen = (code) => Boolean(code && state.pintura[code] && shown()[code] && geometry(code));
  const open = () => Object.keys(shown()).sort().filter(isOpen);

  function words(code) {
    const [name, , parent] = names[code] || [code];
    const [shade, value] = state.pintura[code];
    return [name, names[parent]?.[0] || "", shade < 0 ? value : `${value} ${state.unidad || ""}`.trim()];
  }

  function draw() {
    // The server says which layers there are, in which order, and what marks a place: render/plano.py.
    svg = box.querySelector("template").content.firstElementChild;
    layers = {};
    nodes = {};
    for (const layer of svg.querySelectorAll("g")) {
      const name = layer.getAttribute("class");
      layers[name] = layer;
      if (layer.getAttribute("role") !== "none") continue;
      nodes[name] = {};
      for (const code of Object.keys(national[name]).sort()) nodes[name][code] = make("path", { "data-codigo": code }, layer);
    }
    for (const mark of layers.encima.children) {
      layers[mark.getAttribute("class") + (mark.tagName === "circle" ? "-anillo" : "")] = mark;
    }
    const help = document.createElement("p");
    tip = document.createElement("div");
    set(help, { id: "mapa-ayuda", class: "mapa-ayuda" }).textContent = HELP;
    set(svg, { "aria-describedby": help.id });
    set(tip, { class: "globo", hidden: "", "aria-hidden": true }); // hidden: the option's own name says the same
    box.replaceChildren(svg, help, tip);
    place();
  }

  /** Puts every shape in the coordinates of what is shown: the country, or one departamento in detail. */
  function place() {
    const source = detail || national;
    const fill = (layer, paths) => layers[layer].replaceChildren(...paths.map((d) => make("path", { d })));
    for (const all of Object.values(nodes)) {
      for (const code in all) set(all[code], { d: geometry(code)?.d || "" });
    }
    const outer = Object.values(source.departamentos).map(({ d }) => d);
    fill("costa", outer);
    fill("bordes", outer);
    fill("lagos", source.lagos);
    fill("contexto", source.contexto || []);
    set(svg, { viewBox: source.viewBox.join(" ") });
    box.style.aspectRatio = source.viewBox.slice(2).join("/"); // a wide departamento leaves no empty band
  }

  async function zoom() {
    const wanted = state.departamento || "";
    if (wanted === detailCode) return;
    detailCode = wanted;
    detail = null;
    place();
    if (!wanted || !box.dataset.detalle) return;
    const finer = await asJson(box.dataset.detalle.replace("{dd}", wanted)).catch(() => null); // the country serves
    if (detailCode !== wanted) return; // a later choice won
    detail = finer;
    place();
    outlines();
  }

  function pintar(next) {
    state = next;
    if (!svg) return; // still loading: montar() paints the latest
    set(svg, { "data-nivel": state.capa, "aria-label": `Mapa de ${state.capa}` });
    zoom();
    for (const [code, node] of Object.values(nodes).flatMap(Object.entries)) {
      const cell = shown()[code] && state.pintura[code];
      const [name, of, value] = cell ? words(code) : [];
      set(node, {
        class: cell ? state.clases[cell[0]] : "fuera",
        role: cell ? "option" : null,
        tabindex: cell ? -1 : null,
        "aria-hidden": cell ? null : true,
        "aria-label": cell ? `${name}${of && ", " + of}: ${value}` : null,
        "aria-selected": cell ? code === state.lugar : null,
      });
    }
    const steady = isOpen(current) && (focused() || !isOpen(state.lugar));
    rove(steady ? current : isOpen(state.lugar) ? state.lugar : open()[0]);
    outlines();
  }

  const focused = () => (svg.contains(document.activeElement) && document.activeElement.dataset.codigo) || "";
  const outline = (name, code) => set(layers[name], { d: isOpen(code) ? geometry(code).d : "" });

  function outlines() {
    const ring = document.activeElement.matches(":focus-visible") ? focused() : "";
    for (const [name, code] of [["elegido", state.lugar], ["foco", ring]]) {
      outline(name, code);
      outline(name + "-halo", code);
    }
    box.classList.toggle("con-foco", Boolean(ring));
    const pixel = 1 / (svg.getScreenCTM()?.a || 1);
    for (const pattern of svg.querySelectorAll("pattern")) set(pattern, { patternTransform: `scale(${pixel})` });
    const { x, y, width, height } = layers.elegido.getBBox();
    const isSmall = width && Math.max(width, height) < SMALL_PX * pixel;
    for (const name of ["elegido-halo", "elegido"]) {
      set(layers[name + "-anillo"], { cx: x + width / 2, cy: y + height / 2, r: isSmall ? 15 * pixel : 0 });
    }
    labels(pixel);
  }

  function labels(pixel) {
    layers.rotulos.replaceChildren();
    const places = open();
    if (places.length > MOST_LABELS) return;
    const taken = [];
    const wide = (code) => shown()[code].getBBox().width;
    for (const code of places.sort((a, b) => wide(b) - wide(a))) {
      const [x, y] = geometry(code).r;
      const [name] = words(code);
      const half = (name.length * 3.4 + 3) * pixel;
      const clashes = taken.some(([tx, ty, th]) => Math.abs(ty - y) < 15 * pixel && Math.abs(tx - x) < th + half);
      if (2 * half > wide(code) * 1.1 || clashes) continue;
      taken.push([x, y, half]);
      make("text", { x, y, dy: ".35em", "font-size": 12.5 * pixel, "stroke-width": 3 * pixel }, layers.rotulos).textContent = name;
    }
  }

  function showTip(code, point) {
    tipAt = [code, point];
    tip.replaceChildren(...words(code).map((text, i) => {
      const node = document.createElement(["strong", "span", "b"][i]);
      node.textContent = text;
      return node;
    }));
    tip.hidden = false;
    placeTip();
  }

  function placeTip() {
    const { x, y, width, height } = shown()[tipAt[0]].getBoundingClientRect();
    const [px, py, under] = tipAt[1] ? [...tipAt[1], 22] : [x + width / 2, y, height + 12];
    const above = py - tip.offsetHeight - 12;
    const keep = (at, size, room) => `${Math.max(8, Math.min(at, room - size - 8))}px`;
    tip.style.left = keep(px - tip.offsetWidth / 2, tip.offsetWidth, document.documentElement.clientWidth);
    tip.style.top = keep(above < 8 ? py + under : above, tip.offsetHeight, innerHeight);
  }

  function hideTip() {
    const wasShown = !tip.hidden;
    tip.hidden = true;
    outline("sobre", "");
    return wasShown;
  }

  function rove(code) {
    if (shown()[current]?.hasAttribute("tabindex")) set(shown()[current], { tabindex: -1 });
    current = code || "";
    if (current) set(shown()[current], { tabindex: 0 });
  }

  function focusOn(code) {
    if (isOpen(code)) shown()[code].focus();
  }

  function choose(code) {
    hideTip();
    pintar({ ...state, lugar: code }); // at once; the answer comes later
    box.dispatchEvent(new CustomEvent("padron:lugar", { detail: { codigo: code }, bubbles: true }));
    options.alElegir?.(code);
  }

  /** The neighbour within 60° of the arrow, nearness counting too: with that, arrows alone reach every municipio. */
  function neighbour(code, [dx, dy]) {
    const { r: [x, y], v } = geometry(code);
    const seen = (codes) => codes.filter((other) => other !== code && isOpen(other)).map((other) => {
      const [vx, vy] = geometry(other).r.map((value, i) => value - [x, y][i]);
      const far = Math.hypot(vx, vy) || 1;
      return { other, far, cos: (vx * dx + vy * dy) / far };
    });
    const best = (found, score) => found.sort((a, b) => score(b) - score(a))[0]?.other;
    return best(seen(v || []).filter((n) => n.cos > 0.5), (n) => n.cos / Math.sqrt(n.far)) ||
      best(seen(open()).filter((n) => n.cos > 0.7), (n) => -n.far); // across water, or the gap a filter leaves
  }

  function move(code, key) {
    const [dx, dy] = ARROWS[key];
    const isBack = lastMove.to === code && lastMove.dx === -dx && lastMove.dy === -dy && isOpen(lastMove.from);
    const to = isBack ? lastMove.from : neighbour(code, ARROWS[key]);
    if (to) lastMove = { dx, dy, from: code, to };
    focusOn(to);
  }

  function typeAhead(code, letter, at) {
    typed = (at - typedAt < TYPING_MS ? typed : "") + fold(letter);
    typedAt = at;
    const codes = open();
    const start = codes.indexOf(code) + (typed.length === 1);
    focusOn([...codes.slice(start), ...codes].find((other) => fold(words(other)[0]).startsWith(typed)));
  }

  function onKey(event) {
    const { key, timeStamp } = event;
    const code = focused();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key.length > 1) typed = ""; // a name begins again after any move
    if (ARROWS[key]) move(code, key);
    else if (key === "Home") focusOn(open()[0]);
    else if (key === "End") focusOn(open().pop());
    else if (key === "Enter" || (key === " " && timeStamp - typedAt > TYPING_MS)) choose(code);
    else if (key === "Escape") hideTip() || (state.lugar && choose(""));
    else if (key.length === 1) typeAhead(code, key, timeStamp);
    else return;
    event.preventDefault();
  }

  function listen() {
    const codeOf = ({ target }) => {
      const { codigo, lugar } = target.closest?.("[data-codigo],[data-lugar]")?.dataset || {};
      return isOpen(codigo || lugar) ? codigo || lugar : "";
    };
    svg.addEventListener("keydown", onKey);
    svg.addEventListener("click", (event) => codeOf(event) && choose(codeOf(event)));
    svg.addEventListener("focusin", (event) => {
      if (!codeOf(event)) return;
      rove(codeOf(event));
      outlines();
      if (event.target.matches(":focus-visible")) showTip(codeOf(event));
    });
    svg.addEventListener("focusout", () => [hideTip(), outlines()]);
    svg.addEventListener("pointermove", (event) => {
      const code = codeOf(event);
      if (!code) hideTip();
      else if (event.pointerType !== "touch") { // a tap chooses, and the card says the rest
        outline("sobre", code);
        showTip(code, [event.clientX, event.clientY]);
      }
    });
    svg.addEventListener("pointerleave", hideTip);
    // A name in the ranking or the table points at its place on the map.
    const point = (event) => svg.contains(event.target) || outline("sobre", codeOf(event));
    document.addEventListener("pointerover", point);
    document.addEventListener("focusin", point);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && !focused() && hideTip());
    addEventListener("scroll", () => tip.hidden || (tipAt[1] ? hideTip() : placeTip()), { passive: true });
    new ResizeObserver(outlines).observe(svg);
  }

  async function montar(container, initial, given = {}) {
    options = given;
    if (box === container) return pintar(initial);
    [box, state, svg, detail, detailCode] = [container, initial, null, null, ""];
    try {
      [national, names] = await Promise.all([box.dataset.nacional, box.dataset.lugares].map(asJson));
    } catch {
      box.textContent = "No se pudo cargar el mapa. Las mismas cifras están en la tabla de esta página.";
      return;
    }
    draw();
    pintar(state);
    listen();
  }

  window.PadronMapa = { montar, pintar, enfocar: focusOn };

  function start() {
    const container = document.getElementById("mapa");
    const initial = document.getElementById("estado-inicial");
    if (!container?.dataset.nacional || !initial) return;
    const painted = JSON.parse(initial.textContent);
    if (!painted) return;
    // Where a page that Dash does not answer goes when a place is chosen; the address changes with the page.
    const go = (code) => {
      const address = container.dataset.destino.replace("{}", code);
      if (window.PadronVivo) window.PadronVivo.ir(address);
      else location.assign(address);
    };
    montar(container, painted, { alElegir: container.dataset.destino ? go : undefined });
  }
  document.addEventListener("padron:pagina", start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
