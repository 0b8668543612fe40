/* The map: draws the SVG paths built by the ETL, paints one answer on them and lets a person choose a place.
 *
 * window.PadronMapa = { montar(container, state, {alElegir}), pintar(state), enfocar(code) }
 * Mounts itself when #mapa and #estado-inicial exist. A choice is announced with the bubbling event
 * "padron:lugar" ({detail: {codigo}}, "" = no place); whoever listens decides the URL and calls pintar().
 *
 * The shapes are the options of one ARIA listbox: screen readers hand the arrow keys over to a listbox (they keep
 * them when it is a crowd of buttons), and "one of these is chosen" is what the map means. One option is in the tab
 * order; arrows go to the neighbour lying most in that direction, Home/End to the first and last, letters to a name,
 * Enter or Space choose, Escape closes the tooltip and then clears the choice.
 */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const BACK = { ArrowUp: "ArrowDown", ArrowDown: "ArrowUp", ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };
  const TYPING_MS = 800; // pause after which a letter starts a new name
  const SMALL_PX = 18; // a chosen place smaller than this on screen also gets a ring around it
  const HELP = "Flechas: vecino · letras: buscar por nombre · Intro: elegir · Esc: quitar";
  document.documentElement.classList.add("con-js");

  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const make = (tag, className, parent, attributes) => {
    const node = document.createElementNS(NS, tag);
    if (className) node.setAttribute("class", className);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    if (parent) parent.append(node);
    return node;
  };
  const asJson = async (url) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    return response.json();
  };

  let box, svg, layer, tip, state, options, national, detail, detailCode, names;
  let nodes = { municipios: new Map(), departamentos: new Map() };
  let current = ""; // the option in the tab order
  let lastMove = null; // {key, from}: the opposite arrow comes back to where one was
  let typed = "";
  let typedAt = 0;
  let tipAnchor = null;

  const level = () => (state.nivel === "departamento" ? "departamentos" : "municipios");
  const shapes = () => nodes[level()];
  const geometry = (code) => {
    const kind = code.length > 2 ? "municipios" : "departamentos";
    return (detail && detail[kind] && detail[kind][code]) || national[kind][code];
  };
  const isOpen = (code) => Boolean(state.pintura[code] && shapes().has(code));
  const open = () => [...shapes().keys()].filter(isOpen);

  function words(code) {
    const [name, of] = names[code] || [code, ""];
    const cell = state.pintura[code];
    const value = !cell ? "" : cell[0] < 0 ? state.sin_dato : `${cell[1]} ${state.unidad || ""}`.trim();
    return { name, of, value };
  }

  // ---- drawing -------------------------------------------------------------------------------------------------

  function skeleton() {
    svg = make("svg", "plano", null, { role: "listbox", "aria-describedby": "mapa-ayuda", focusable: "false" });
    const pattern = make("pattern", "", make("defs", "", svg), {
      id: "trama", width: 6, height: 6, patternUnits: "userSpaceOnUse" });
    make("path", "trama-fondo", pattern, { d: "M0 0h6v6H0z" });
    make("path", "trama-linea", pattern, { d: "M-1 1l2-2M0 6l6-6M5 7l2-2" });
    layer = { pattern };
    for (const name of ["contexto", "departamentos", "municipios", "lagos", "bordes", "rotulos", "encima"]) {
      const isTarget = name === "departamentos" || name === "municipios";
      layer[name] = make("g", name, svg, isTarget ? { role: "none" } : { "aria-hidden": "true" });
    }
    // Outlines live above every shape, so no neighbour can cut them; each has a casing that separates it from any fill.
    for (const name of ["sobre", "elegido-halo", "elegido", "foco-halo", "foco"]) {
      layer[name] = make("path", name, layer.encima);
    }
    for (const name of ["anillo-halo", "anillo"]) layer[name] = make("circle", name, layer.encima, { r: 0 });
    tip = document.createElement("div");
    tip.className = "globo";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true"); // the option's own name says the same
    const help = document.createElement("p");
    help.id = "mapa-ayuda";
    help.className = "mapa-ayuda";
    help.textContent = HELP;
    box.replaceChildren(svg, help, tip);
  }

  function draw() {
    for (const kind of ["departamentos", "municipios"]) {
      for (const code of Object.keys(national[kind]).sort()) {
        nodes[kind].set(code, make("path", "fuera", layer[kind], { "data-codigo": code }));
      }
    }
    for (const code of nodes.departamentos.keys()) make("path", "", layer.bordes, { "data-borde": code });
    shape();
  }

  function shape() {
    for (const kind of ["departamentos", "municipios"]) {
      for (const [code, node] of nodes[kind]) {
        const isHere = !detail || (detail[kind] && detail[kind][code]);
        node.style.display = isHere ? "" : "none"; // the detail has its own coordinates: the rest stays out of it
        if (isHere) node.setAttribute("d", geometry(code).d);
      }
    }
    for (const border of layer.bordes.children) {
      const code = border.dataset.borde;
      const isHere = !detail || (detail.departamentos && detail.departamentos[code]);
      border.setAttribute("d", isHere ? geometry(code).d : "");
    }
    const source = detail || national;
    layer.lagos.replaceChildren();
    for (const d of source.lagos || []) make("path", "", layer.lagos, { d });
    layer.contexto.replaceChildren();
    for (const item of (detail && detail.contexto) || []) make("path", "", layer.contexto, { d: item.d || item });
    svg.setAttribute("viewBox", view().join(" "));
  }

  function view() {
    const bounds = state.departamento && national.departamentos[state.departamento];
    if (detail) return detail.viewBox;
    if (!bounds || !bounds.b) return national.viewBox;
    const [x, y, w, h] = bounds.b;
    const margin = Math.max(w, h) * 0.06;
    return [x - margin, y - margin, w + 2 * margin, h + 2 * margin];
  }

  async function zoom() {
    const wanted = state.departamento || "";
    if (wanted === detailCode) return;
    detailCode = wanted;
    detail = null;
    shape();
    if (!wanted || !box.dataset.detalle) return;
    try {
      const loaded = await asJson(box.dataset.detalle.replace("{dd}", wanted));
      if (detailCode !== wanted) return; // a later choice won
      detail = loaded;
      shape();
      outlines();
    } catch {
      /* the generalised shapes, already on screen, serve */
    }
  }

  function paint() {
    if (!national || !names) return;
    svg.dataset.nivel = level();
    svg.setAttribute("aria-label", state.nivel === "departamento" ? "Mapa de departamentos" : "Mapa de municipios");
    zoom();
    const palette = state.paleta === "divergente" ? "d" : "q";
    for (const [code, node] of shapes()) {
      const cell = state.pintura[code];
      const { name, of, value } = words(code);
      const className = !cell ? "fuera" : cell[0] < 0 ? "sin-dato" : palette + cell[0];
      if (node.getAttribute("class") !== className) node.setAttribute("class", className);
      if (cell) {
        const label = `${name}${of && of !== "departamento" ? ", " + of : ""}: ${value}`;
        if (node.getAttribute("aria-label") !== label) node.setAttribute("aria-label", label);
        if (!node.hasAttribute("role")) {
          node.setAttribute("role", "option");
          node.removeAttribute("aria-hidden");
          node.setAttribute("tabindex", "-1");
        }
        node.setAttribute("aria-selected", String(code === state.lugar));
      } else if (!node.hasAttribute("aria-hidden")) {
        for (const attribute of ["role", "tabindex", "aria-label", "aria-selected"]) node.removeAttribute(attribute);
        node.setAttribute("aria-hidden", "true");
      }
    }
    const keep = isOpen(current) ? current : "";
    rove(focused() ? keep || open()[0] : (isOpen(state.lugar) && state.lugar) || keep || open()[0]);
    outlines();
  }

  // ---- outlines, labels, tooltip -------------------------------------------------------------------------------

  const focused = () => (svg.contains(document.activeElement) ? document.activeElement.dataset.codigo : "");
  const scale = () => (svg.getScreenCTM() || { a: 1 }).a;

  function outline(name, code) {
    layer[name].setAttribute("d", code && shapes().has(code) && isOpen(code) ? geometry(code).d : "");
  }

  function outlines() {
    const active = document.activeElement;
    const ring = focused() && active.matches(":focus-visible") ? focused() : "";
    for (const name of ["elegido-halo", "elegido"]) outline(name, state.lugar);
    for (const name of ["foco-halo", "foco"]) outline(name, ring);
    box.classList.toggle("con-foco", Boolean(ring));
    const pixels = 1 / scale();
    layer.pattern.setAttribute("patternTransform", `scale(${pixels})`);
    const bounds = state.lugar && isOpen(state.lugar) ? layer.elegido.getBBox() : null;
    const isSmall = bounds && Math.max(bounds.width, bounds.height) < SMALL_PX * pixels;
    for (const name of ["anillo-halo", "anillo"]) {
      layer[name].setAttribute("r", isSmall ? 15 * pixels : 0);
      if (!isSmall) continue;
      layer[name].setAttribute("cx", bounds.x + bounds.width / 2);
      layer[name].setAttribute("cy", bounds.y + bounds.height / 2);
    }
    labels(pixels);
  }

  function labels(pixels) {
    layer.rotulos.replaceChildren();
    if (state.nivel !== "departamento" && !state.departamento) return; // 340 names would hide the map
    layer.rotulos.setAttribute("font-size", 12 * pixels);
    for (const code of open()) {
      const bounds = shapes().get(code).getBBox();
      const { name } = words(code);
      if (name.length * 6.6 * pixels > bounds.width * 1.05 || bounds.height < 18 * pixels) continue;
      const [x, y] = geometry(code).r;
      make("text", "", layer.rotulos, { x, y, dy: ".35em", "stroke-width": 3 * pixels }).textContent = name;
    }
  }

  function showTip(code, point) {
    const { name, of, value } = words(code);
    tipAnchor = { code, point };
    const parts = [["strong", name], ["span", of === "departamento" ? "" : of], ["b", value]];
    tip.replaceChildren(...parts.filter(([, text]) => text).map(([tag, text]) => {
      const node = document.createElement(tag);
      node.textContent = text;
      return node;
    }));
    tip.hidden = false;
    placeTip();
  }

  function placeTip() {
    if (!tipAnchor || tip.hidden) return;
    let [x, y] = tipAnchor.point || [];
    let below = 22;
    if (!tipAnchor.point) {
      const bounds = shapes().get(tipAnchor.code).getBoundingClientRect();
      [x, y, below] = [bounds.x + bounds.width / 2, bounds.y, bounds.height + 12];
    }
    const { offsetWidth: width, offsetHeight: height } = tip;
    const room = document.documentElement.clientWidth;
    const top = y - height - 12 >= 8 ? y - height - 12 : y + below;
    tip.style.left = `${Math.max(8, Math.min(x - width / 2, room - width - 8))}px`;
    tip.style.top = `${Math.max(8, Math.min(top, window.innerHeight - height - 8))}px`;
  }

  function hideTip() {
    const wasShown = !tip.hidden;
    tip.hidden = true;
    tipAnchor = null;
    outline("sobre", "");
    return wasShown;
  }

  // ---- choosing and moving -------------------------------------------------------------------------------------

  function rove(code) {
    const before = shapes().get(current);
    if (before && before.hasAttribute("tabindex")) before.setAttribute("tabindex", "-1");
    current = code || "";
    if (shapes().has(current)) shapes().get(current).setAttribute("tabindex", "0");
  }

  function focusOn(code) {
    if (!isOpen(code)) return false;
    rove(code);
    shapes().get(code).focus();
    return true;
  }

  function choose(code) {
    hideTip();
    if (code) rove(code);
    state = { ...state, lugar: code };
    for (const [other, node] of shapes()) {
      if (node.hasAttribute("aria-selected")) node.setAttribute("aria-selected", String(other === code));
    }
    outlines();
    box.dispatchEvent(new CustomEvent("padron:lugar", { detail: { codigo: code }, bubbles: true }));
    if (options.alElegir) options.alElegir(code);
  }

  function neighbour(code, [dx, dy]) {
    const [x, y] = geometry(code).r;
    const lean = (other) => {
      const [ox, oy] = geometry(other).r;
      const [vx, vy] = [ox - x, oy - y];
      const far = Math.hypot(vx, vy) || 1;
      return { other, far, cos: (vx * dx + vy * dy) / far };
    };
    const touching = (geometry(code).v || []).filter(isOpen).map(lean).filter((n) => n.cos > 0.3);
    if (touching.length) return touching.reduce((best, n) => (n.cos > best.cos ? n : best)).other;
    // Nothing touches on that side: the nearest across the water or the gap a filter leaves.
    const beyond = open().filter((other) => other !== code).map(lean).filter((n) => n.cos > 0.7);
    return beyond.length ? beyond.reduce((best, n) => (n.far < best.far ? n : best)).other : "";
  }

  function move(code, key) {
    const back = lastMove && lastMove.to === code && BACK[lastMove.key] === key && isOpen(lastMove.from);
    const next = back ? lastMove.from : neighbour(code, ARROWS[key]);
    if (next) lastMove = { key, from: code, to: next };
    return next;
  }

  function typeAhead(code, letter, at) {
    typed = at - typedAt < TYPING_MS ? typed + fold(letter) : fold(letter);
    typedAt = at;
    const codes = open();
    const start = codes.indexOf(code) + (typed.length === 1 ? 1 : 0);
    const turn = [...codes.slice(start), ...codes.slice(0, start)];
    return turn.find((other) => fold(words(other).name).startsWith(typed));
  }

  function onKey(event) {
    const code = event.target.dataset && event.target.dataset.codigo;
    if (!code || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const isTyping = event.timeStamp - typedAt < TYPING_MS;
    if (ARROWS[key]) focusOn(move(code, key));
    else if (key === "Home") focusOn(open()[0]);
    else if (key === "End") focusOn(open().pop());
    else if (key === "Enter" || (key === " " && !isTyping)) choose(code);
    else if (key === "Escape") hideTip() || (state.lugar && choose(""));
    else if (key.length === 1) focusOn(typeAhead(code, key, event.timeStamp));
    else return;
    event.preventDefault();
  }

  const codeOf = (event) => {
    const node = event.target.closest && event.target.closest("[data-codigo],[data-lugar]");
    const code = node ? node.dataset.codigo || node.dataset.lugar : "";
    return code && isOpen(code) ? code : "";
  };

  function listen() {
    svg.addEventListener("keydown", onKey);
    svg.addEventListener("click", (event) => codeOf(event) && choose(codeOf(event)));
    svg.addEventListener("focusin", (event) => {
      const code = codeOf(event);
      if (!code) return;
      rove(code);
      outlines();
      if (event.target.matches(":focus-visible")) showTip(code);
    });
    svg.addEventListener("focusout", () => {
      hideTip();
      requestAnimationFrame(outlines);
    });
    svg.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return; // a tap chooses; the card says the rest
      const code = codeOf(event);
      if (!code) return void hideTip();
      outline("sobre", code);
      showTip(code, [event.clientX, event.clientY]);
    });
    svg.addEventListener("pointerleave", hideTip);
    // A name in the ranking or the table points at its place on the map.
    for (const kind of ["pointerover", "focusin"]) {
      document.addEventListener(kind, (event) => {
        if (event.target.closest && event.target.closest("[data-lugar]")) outline("sobre", codeOf(event));
        else if (!svg.contains(event.target)) outline("sobre", "");
      });
    }
    document.addEventListener("keydown", (event) => event.key === "Escape" && !focused() && hideTip());
    window.addEventListener("scroll", () => (tipAnchor && tipAnchor.point ? hideTip() : placeTip()), { passive: true });
    new ResizeObserver(outlines).observe(svg);
  }

  // ---- the three verbs -----------------------------------------------------------------------------------------

  async function montar(container, initial, given) {
    if (box === container && svg && container.contains(svg)) {
      options = given || options;
      return pintar(initial);
    }
    box = container;
    state = initial;
    options = given || {};
    nodes = { municipios: new Map(), departamentos: new Map() };
    [national, names, detail, detailCode] = [null, null, null, ""];
    try {
      const [shapesFile, namesFile] = await Promise.all([asJson(box.dataset.nacional), asJson(box.dataset.lugares)]);
      skeleton();
      [national, names] = [shapesFile, namesFile];
      draw();
      paint();
      listen();
    } catch (error) {
      const note = document.createElement("p");
      note.className = "nota";
      note.textContent = "No se pudo cargar el mapa. Las mismas cifras están en la tabla de esta página.";
      box.append(note);
      throw error;
    }
  }

  function pintar(next) {
    state = next;
    paint();
  }

  window.PadronMapa = { montar, pintar, enfocar: focusOn };

  function start() {
    const container = document.getElementById("mapa");
    const initial = document.getElementById("estado-inicial");
    if (container && initial && container.dataset.nacional) montar(container, JSON.parse(initial.textContent));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
