/* The search box as an ARIA 1.2 combobox: suggestions while typing, accents optional, any part of the name.
 * Without this script the form still submits to /buscar. On a page with the map a choice is the map's own event,
 * "padron:lugar"; elsewhere it goes to /padron.
 */
(() => {
  "use strict";
  const MOST = 8; // suggestions shown: what fits above a phone's keyboard
  const input = document.getElementById("q");
  /** `text` without accents nor case, for searching: the map looks for names with it too. */
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  window.PadronTexto = { fold };
  if (!input || !input.dataset.lugares) return;
  const make = (tag, attributes, parent, text) => {
    const node = document.createElement(tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    if (text) node.textContent = text;
    parent.append(node);
    return node;
  };

  const form = input.form;
  const list = make("ul", { id: "sugerencias", class: "sugerencias", role: "listbox", "aria-label": "Sugerencias" }, form);
  const count = make("p", { class: "oculto", role: "status" }, form);
  list.hidden = true;
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id],
    ["aria-expanded", "false"]]) input.setAttribute(name, value);

  let places = null;
  let active = -1;

  const load = () => {
    places ||= fetch(input.dataset.lugares)
      .then((response) => response.json())
      .then((all) => Object.entries(all).map(([code, [name, level, parent]]) =>
        ({ code, name, level, parent, of: parent ? all[parent][0] : level, key: fold(name) })))
      .catch(() => (places = null) || []); // offline for a moment: the form still works, the next key tries again
    return places;
  };

  const rank = ({ key }, text) => (key.startsWith(text) ? 0 : key.includes(" " + text) ? 1 : key.includes(text) ? 2 : 3);

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const options = list.children;
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = (index + options.length) % options.length;
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  async function suggest() {
    const text = fold(input.value);
    const all = await load();
    if (text !== fold(input.value)) return; // the person went on typing
    const found = text ? all.filter((place) => rank(place, text) < 3) : [];
    found.sort((a, b) => rank(a, text) - rank(b, text) || a.key.localeCompare(b.key) || a.code.localeCompare(b.code));
    close();
    list.replaceChildren();
    for (const [index, place] of found.slice(0, MOST).entries()) {
      const option = make("li",
        { id: `sugerencia-${index}`, role: "option", "aria-selected": "false", "data-codigo": place.code }, list, place.name);
      make("span", { class: "de" }, option, place.of);
      option.place = place;
    }
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const many = found.length > 1 ? `${found.length} resultados` : found.length ? "1 resultado" : "Ningún resultado";
    count.textContent = text ? many : "";
  }

  function go(option) {
    const { code, name, level, parent } = option.place;
    const map = document.getElementById("mapa");
    input.value = name;
    close();
    if (level === "municipio" && map && /\/padron\/?$/.test(location.pathname)) {
      // The place asked for wins over a filter that leaves it out.
      const [departamento, ver] = ["f-departamento", "f-ver"].map((id) => document.getElementById(id));
      if (departamento && departamento.value !== parent) departamento.value = "";
      if (ver) ver.value = level;
      map.dispatchEvent(new CustomEvent("padron:lugar", { detail: { codigo: code }, bubbles: true }));
      map.scrollIntoView({ block: "nearest" });
    } else location.assign(`/padron?${level === "municipio" ? "lugar" : "departamento"}=${code}`);
  }

  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", suggest);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) suggest();
    else if (step) mark(active < 0 && step < 0 ? -1 : active + step);
    else if (event.key === "Enter" && list.children[active]) go(list.children[active]);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus in the box
  list.addEventListener("click", (event) => event.target.closest("li") && go(event.target.closest("li")));
})();
