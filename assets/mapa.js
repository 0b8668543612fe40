/* The map: paints one answer on the paths built by the ETL and lets a person choose a place, with a pointer or with keys.
 *
 * window.PadronMapa = { pintar(state), enfocar(code) }. A choice, here or in the search, is the bubbling event "padron:lugar"
 * ({codigo}, "" for none): it leads to the address in `data-destino`, in place where the page can (assets/vivo.js).
 *
 * The keyboard has one stop, the sheet that holds the drawing: an ARIA listbox, so that screen readers give it every key (they keep
 * those of an application). Of its options there are two, in turns the one that is reached: what takes the place of another is said
 * whole. The rest is said in the status beside it; the shapes themselves are not in the accessibility tree.
 * Arrows go to a neighbour; Home and End to the highest and the lowest, Page Up and Page Down up and down from it by value; letters
 * to a name; Enter and Space choose; a full stop says the neighbours; + and − come closer and go back; Escape closes the tooltip,
 * goes back and clears the choice, in that order.
 *
 * With a finger, the first tap brings the departamento and the second chooses; one that is still too small to be hit comes closer.
 */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const WINDS = ["oriente", "suroriente", "sur", "suroccidente", "occidente", "noroccidente", "norte", "nororiente"];
  const HELP = "Flechas: vecino · Inicio y Fin: el más alto y el más bajo · letras: nombre · punto: vecinos · + y −: acercar · Entrar: elegir";
  const TYPING_MS = 800; // a longer pause starts a new name
  const SMALL_PX = 18; // a chosen place smaller than this also gets a ring around it
  const TOUCH_PX = 24; // what is smaller than this is not chosen by a finger: it comes closer
  const CLOSEST = 16; // times that the drawing may grow
  const MOST_LABELS = 60; // more names would hide the map
  const MOST_NEIGHBOURS = 4; // more names are not remembered by who hears them
  document.documentElement.classList.add("con-js");

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
  const element = (tag, attributes, text = "") => Object.assign(set(document.createElement(tag), attributes), { textContent: text });
  const asJson = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));

  let box, sheet, svg, layers, tip, said, turns, state, national, detail, detailCode, names, nodes, order;
  let brought = ""; // the departamento that was brought closer without asking for its page
  let view = null; // the part of the drawing that is seen, when it is not all of it
  let current = ""; // where the keyboard is
  let lastMove = {}; // so that the opposite arrow comes back
  let typed = "";
  let typedAt = -TYPING_MS;
  let tipAt; // [code, pointer position, or nothing for the keyboard]

  const source = () => detail || national;
  const geometry = (code) => Object.keys(nodes).map((layer) => source()[layer][code]).find(Boolean);
  const shown = () => nodes[state.capa]; // what the server calls each layer and each class comes in the page
  const isOpen = (code) => Boolean(code && state.pintura[code] && shown()[code] && geometry(code));
  const open = () => Object.keys(shown()).sort().filter(isOpen);
  const nameOf = (code) => (names[code] || [code])[0];
  const parentOf = (code) => (names[code] || [])[2] || ""; // the departamento that a municipio is in

  function words(code) {
    const [name, , parent] = names[code] || [code];
    const [shade, value] = state.pintura[code];
    return [name, names[parent]?.[0] || "", shade < 0 ? value : `${value} ${state.unidad || ""}`.trim()];
  }

  /** What a figure is worth, from how it is written; what is not a figure comes after every one of them. */
  function worth(code) {
    const [shade, value] = state.pintura[code];
    return shade < 0 ? NaN : Number(value.replaceAll(",", "").replace("\u2212", "-").replace(/[^\d.-]/g, ""));
  }

  const byValue = () => (order ||= open().filter((code) => !isNaN(worth(code))).sort((a, b) => worth(b) - worth(a) || a.localeCompare(b)));

  function draw() {
    // The server says which layers there are, in which order, and what marks a place: render/plano.py.
    svg = box.querySelector("template").content.firstElementChild;
    layers = {};
    nodes = {};
    for (const layer of svg.querySelectorAll("g")) {
      const name = layer.getAttribute("class");
      layers[name] = layer;
      if (!("lugares" in layer.dataset)) continue;
      nodes[name] = {};
      for (const code of Object.keys(national[name]).sort()) nodes[name][code] = make("path", { "data-codigo": code }, layer);
    }
    for (const mark of layers.encima.children) {
      layers[mark.getAttribute("class") + (mark.tagName === "circle" ? "-anillo" : "")] = mark;
    }
    sheet = element("div", { class: "lamina", tabindex: 0, role: "listbox", "aria-describedby": "mapa-ayuda" });
    turns = [0, 1].map((turn) => element("div", { id: `mapa-turno-${turn}`, class: "oculto", role: "option", "aria-selected": true }));
    tip = element("div", { class: "globo", hidden: "", "aria-hidden": true }); // hidden: the status says the same
    said = element("p", { class: "oculto", role: "status", id: "mapa-dicho" });
    sheet.append(svg, turns[0]);
    const closer = element("div", { class: "acercar", role: "group", "aria-label": "Acercar el mapa" });
    for (const [sign, title, act] of [["+", "Acercar", closerTo], ["\u2212", "Alejar", back], ["País", "Ver todo el país", whole]]) {
      // The keys do the same: these are for pointers, and no stop of their own.
      closer.append(Object.assign(element("button", { type: "button", tabindex: -1, title, "aria-label": title }, sign), { onclick: () => act() }));
    }
    box.replaceChildren(sheet, element("p", { id: "mapa-ayuda", class: "mapa-ayuda" }, HELP), closer, tip, said);
    place();
  }

  /** Puts every shape in the coordinates of what is shown: the country, or one departamento in detail. */
  function place() {
    const fill = (layer, paths) => layers[layer].replaceChildren(...paths.map((d) => make("path", { d })));
    for (const all of Object.values(nodes)) {
      for (const code in all) set(all[code], { d: geometry(code)?.d || "" });
    }
    const outer = Object.values(source().departamentos).map(({ d }) => d);
    fill("costa", outer);
    fill("bordes", outer);
    fill("lagos", source().lagos);
    fill("contexto", source().contexto || []);
    box.style.aspectRatio = source().viewBox.slice(2).join("/"); // a wide departamento leaves no empty band
    order = null;
    look(null);
  }

  /** Sees a part of the drawing: [x, y, width, height], or all of it. */
  function look(part) {
    view = part;
    set(svg, { viewBox: (part || source().viewBox).join(" ") });
    box.classList.toggle("cerca", Boolean(part || brought));
  }

  async function zoom() {
    const wanted = state.departamento || brought;
    if (wanted === detailCode) return;
    detailCode = wanted;
    detail = null;
    place();
    if (wanted && box.dataset.detalle) {
      const finer = await asJson(box.dataset.detalle.replace("{dd}", wanted)).catch(() => null); // the country serves
      if (detailCode !== wanted) return; // a later choice won
      detail = finer;
      place();
    }
    if (!isOpen(current)) current = isOpen(state.lugar) ? state.lugar : open()[0];
    outlines();
  }

  // ---- closer and back ---------------------------------------------------------------------------------------------

  const mayBeBrought = (code) => Boolean(!state.departamento && !brought && parentOf(code));

  async function bring(departamento) {
    hideTip();
    brought = departamento;
    await zoom();
    say(`${nameOf(departamento)}: ${open().length} municipios.`);
  }

  function closerTo(code = current) {
    if (mayBeBrought(code)) return bring(parentOf(code));
    const [, , width, height] = view || source().viewBox;
    if (!isOpen(code) || source().viewBox[2] / width >= CLOSEST) return undefined;
    const [x, y] = geometry(code).r;
    look([x - width / 4, y - height / 4, width / 2, height / 2]);
    outlines();
    return say(`Más cerca de ${nameOf(code)}.`);
  }

  /** One step away; whether there was one. */
  function back() {
    if (view) look(null);
    else if (brought) {
      brought = "";
      zoom();
    } else return false;
    outlines();
    say(brought ? nameOf(brought) : "Todo el país.");
    return true;
  }

  function whole() {
    const isFiltered = Boolean(state.departamento);
    look(null);
    brought = "";
    if (isFiltered) return choose("", true);
    zoom();
    outlines();
    return say("Todo el país.");
  }

  // ---- what is painted ---------------------------------------------------------------------------------------------

  function pintar(next) {
    if (state && next.departamento !== state.departamento) brought = "";
    state = next;
    order = null;
    if (!svg) return; // still loading: montar() paints the latest
    set(svg, { "data-nivel": state.capa });
    set(sheet, { "aria-label": `Mapa de ${state.capa}` });
    if (brought && state.lugar && parentOf(state.lugar) !== brought) brought = "";
    zoom();
    for (const [code, node] of Object.values(nodes).flatMap(Object.entries)) {
      const cell = shown()[code] && state.pintura[code];
      set(node, { class: cell ? state.clases[cell[0]] : "fuera" });
    }
    if (!isOpen(current) || (!isFocused() && isOpen(state.lugar))) current = isOpen(state.lugar) ? state.lugar : open()[0];
    outlines();
  }

  const isFocused = () => document.activeElement === sheet;
  const outline = (name, code) => set(layers[name], { d: isOpen(code) ? geometry(code).d : "" });

  function outlines() {
    const ring = isFocused() && sheet.matches(":focus-visible") ? current : "";
    for (const [name, code] of [["elegido", state.lugar], ["foco", ring]]) {
      outline(name, code);
      outline(name + "-halo", code);
    }
    box.classList.toggle("con-foco", Boolean(ring));
    if (sheet.dataset.aqui !== current) reach(current ? sentence(current) : "");
    sheet.dataset.aqui = current || "";
    box.dataset.elegido = isOpen(state.lugar) ? state.lugar : "";
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
      const name = nameOf(code);
      const half = (name.length * 3.4 + 3) * pixel;
      const clashes = taken.some(([tx, ty, th]) => Math.abs(ty - y) < 15 * pixel && Math.abs(tx - x) < th + half);
      if (2 * half > wide(code) * 1.1 || clashes) continue;
      taken.push([x, y, half]);
      make("text", { x, y, dy: ".35em", "font-size": 12.5 * pixel, "stroke-width": 3 * pixel }, layers.rotulos).textContent = name;
    }
  }

  // ---- what is said ------------------------------------------------------------------------------------------------

  /** A status that says the same twice in a row is heard once: a space makes it another. */
  function say(text) {
    said.textContent = said.textContent === text ? `${text}\u00a0` : text;
  }

  function sentence(code) {
    const [name, of, value] = words(code);
    return `${name}${of && `, ${of}`}: ${value}${code === state.lugar ? ", elegido" : ""}.`;
  }

  /** The option that is reached takes the place of the one before. */
  function reach(text) {
    const [before, now] = turns;
    turns = [now, before];
    set(now, { "aria-setsize": open().length }).textContent = text;
    before.replaceWith(now);
    set(sheet, { "aria-activedescendant": now.id });
  }

  /** The neighbours of a place, those with the highest figures first, each with where it is. */
  function neighbours(code) {
    const { r: [x, y], v } = geometry(code);
    const around = (v || []).filter((other) => isOpen(other) && !isNaN(worth(other))).sort((a, b) => worth(b) - worth(a));
    if (!around.length || isNaN(worth(code))) return `${nameOf(code)} no tiene vecinos con cifra aquí.`;
    const wind = (other) => {
      const [ox, oy] = geometry(other).r;
      return WINDS[Math.round((Math.atan2(oy - y, ox - x) / Math.PI) * 4 + 8) % 8];
    };
    const higher = around.filter((other) => worth(other) > worth(code));
    const list = (those) => those.slice(0, MOST_NEIGHBOURS).map((other) => `al ${wind(other)}, ${nameOf(other)}`).join("; ");
    if (!higher.length) return `El más alto entre sus ${around.length} vecinos. Le sigue ${list(around.slice(0, 1))}.`;
    if (higher.length === around.length) return `El más bajo entre sus ${around.length} vecinos. Los más altos: ${list(higher)}.`;
    return `Más alto que ${around.length - higher.length} de sus ${around.length} vecinos. Más altos: ${list(higher)}.`;
  }

  function showTip(code, point) {
    tipAt = [code, point];
    tip.replaceChildren(...words(code).map((text, i) => element(["strong", "span", "b"][i], {}, text)));
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

  // ---- moving and choosing -----------------------------------------------------------------------------------------

  /** The keyboard goes to a place, which is said and seen. */
  function goTo(code, extra = "") {
    if (!isOpen(code)) return;
    current = sheet.dataset.aqui = code;
    if (view) look([geometry(code).r[0] - view[2] / 2, geometry(code).r[1] - view[3] / 2, view[2], view[3]]);
    outlines();
    if (isFocused()) showTip(code);
    reach(`${extra}${sentence(code)}`);
  }

  function focusOn(code) {
    if (!isOpen(code)) return;
    current = code;
    sheet.focus();
    goTo(code);
  }

  function choose(code, isWhole = false) {
    hideTip();
    if (!isWhole) pintar({ ...state, lugar: code }); // at once; the answer comes later
    box.dispatchEvent(new CustomEvent("padron:lugar", { detail: { codigo: code, pais: isWhole }, bubbles: true }));
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

  function move(key) {
    const [dx, dy] = ARROWS[key];
    const isBack = lastMove.to === current && lastMove.dx === -dx && lastMove.dy === -dy && isOpen(lastMove.from);
    const to = isBack ? lastMove.from : neighbour(current, ARROWS[key]);
    if (!to) return say("No hay más en esa dirección.");
    lastMove = { dx, dy, from: current, to };
    return goTo(to);
  }

  /** Up or down by value, from where the keyboard is: by 1 or −1, or to the ends. */
  function climb(step) {
    const all = byValue();
    if (!all.length) return;
    const end = step === Infinity ? all.length - 1 : step === -Infinity ? 0 : null;
    const at = end ?? Math.max(0, Math.min(all.length - 1, all.indexOf(current) + step));
    goTo(all[at], at === 0 ? "El más alto: " : at === all.length - 1 ? "El más bajo: " : `${at + 1}.º de ${all.length}: `);
  }

  function typeAhead(letter, at) {
    typed = (at - typedAt < TYPING_MS ? typed : "") + fold(letter);
    typedAt = at;
    const codes = open();
    const start = codes.indexOf(current) + (typed.length === 1);
    const found = [...codes.slice(start), ...codes].find((other) => fold(nameOf(other)).startsWith(typed));
    if (found) goTo(found);
    else say(`Ninguno empieza con ${typed}.`);
    if (!found) typed = "";
  }

  function onKey(event) {
    const { key, timeStamp } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key.length > 1) typed = ""; // a name begins again after any move
    const isTyping = timeStamp - typedAt <= TYPING_MS;
    const ends = { Home: -Infinity, End: Infinity, PageUp: -1, PageDown: 1 };
    if (ARROWS[key]) move(key);
    else if (key in ends) climb(ends[key]);
    else if (key === "Enter" || (key === " " && !isTyping)) choose(current);
    else if (key === "+") closerTo();
    else if (key === "-") back() || say("Ya se ve todo.");
    else if (key === ".") say(neighbours(current));
    else if (key === "Escape") hideTip() || back() || (state.lugar && choose(""));
    else if (key.length === 1) typeAhead(key, timeStamp);
    else return;
    event.preventDefault();
  }

  function onClick(event) {
    const code = codeOf(event);
    if (!code) return;
    if (event.pointerType === "touch" || event.pointerType === "pen") {
      if (mayBeBrought(code)) return void bring(parentOf(code));
      const { width, height } = shown()[code].getBoundingClientRect();
      if (Math.min(width, height) < TOUCH_PX && source().viewBox[2] / (view || source().viewBox)[2] < CLOSEST) return void closerTo(code);
    }
    current = code;
    if (event.pointerType === "touch") box.scrollIntoView({ block: "start" }); // the sheet of the place comes up over its foot
    choose(code);
  }

  const codeOf = ({ target }) => {
    const { codigo, lugar } = target.closest?.("[data-codigo],[data-lugar]")?.dataset || {};
    return isOpen(codigo || lugar) ? codigo || lugar : "";
  };

  function listen() {
    sheet.addEventListener("keydown", onKey);
    sheet.addEventListener("click", onClick);
    sheet.addEventListener("focus", () => {
      outlines();
      if (!sheet.matches(":focus-visible") || !current) return;
      showTip(current);
    });
    sheet.addEventListener("blur", () => [hideTip(), outlines()]);
    sheet.addEventListener("pointermove", (event) => {
      const code = codeOf(event);
      if (!code) hideTip();
      else if (event.pointerType !== "touch") { // a tap chooses, and the card says the rest
        outline("sobre", code);
        showTip(code, [event.clientX, event.clientY]);
      }
    });
    sheet.addEventListener("pointerleave", hideTip);
    // A name in the ranking or the table points at its place on the map.
    const point = (event) => sheet.contains(event.target) || outline("sobre", codeOf(event));
    document.addEventListener("pointerover", point);
    document.addEventListener("focusin", point);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && !isFocused() && hideTip());
    addEventListener("scroll", () => tip.hidden || (tipAt[1] ? hideTip() : placeTip()), { passive: true });
    new ResizeObserver(outlines).observe(svg);
  }

  async function montar(container, initial) {
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

  window.PadronMapa = { pintar, enfocar: focusOn };

  function start() {
    const container = document.getElementById("mapa");
    const initial = document.getElementById("estado-inicial");
    if (!container?.dataset.nacional || !initial) return;
    const painted = JSON.parse(initial.textContent);
    if (painted) montar(container, painted);
  }

  /** The address of the page with another place; filters that would leave it out give way. */
  function go({ detail: { codigo, pais } }) {
    const url = new URL(box.dataset.destino.replace("{}", codigo), location.href);
    const query = url.searchParams;
    if (parentOf(codigo)) query.delete("ver");
    if (pais || (codigo && parentOf(codigo) !== query.get("departamento"))) query.delete("departamento");
    if (!codigo) query.delete("lugar");
    if (window.PadronVivo && url.pathname === location.pathname) window.PadronVivo.ir(url);
    else location.assign(url);
  }
  document.addEventListener("padron:lugar", go);
  document.addEventListener("padron:pagina", start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
