/* The search box as an ARIA 1.2 combobox. Which places a text means is known by encontrar.js, which comes with the list of places
 * when somebody goes to the box. Without this script the form still submits to /buscar. On a page with the map a choice is the
 * map's own event, "padron:lugar"; elsewhere it goes to the place, in the topic that the form carries.
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
  const list = make("ul", { id: "sugerencias", class: "sugerencias", role: "listbox", "aria-label": "Sugerencias" }, input.parentNode);
  const count = make("p", { class: "oculto", role: "status" }, form);
  list.hidden = true;
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id],
    ["aria-expanded", "false"]]) input.setAttribute(name, value);

  let find = null;
  let active = -1;

  const load = () => {
    find ||= Promise.all([fetch(input.dataset.lugares).then((response) => response.json()), import(document.body.dataset.encontrar)])
      .then(([all, { finder }]) => finder(all, document.body.dataset.pais))
      .catch(() => (find = null) || (() => [[], false])); // offline for a moment: the form works, the next key tries again
    return find;
  };

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
    const text = input.value;
    const meant = await load();
    if (text !== input.value) return; // the person went on typing
    const [found, none] = meant(text);
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
    list.dataset.aviso = none ? "No encontramos ese nombre. ¿Quiso decir…?" : "";
    count.textContent = list.dataset.aviso || (found.length > 1 ? `${found.length} resultados` : found[0] ? "1 resultado" : "");
  }

  function go(option) {
    const { code, name, level, parent } = option.place;
    const map = document.getElementById("mapa"), { tema } = form.elements;
    input.value = name;
    close();
    if (parent && map && tema && location.pathname.replace(/\/$/, "") === `/${tema.value}`) {
      // The place asked for wins over a filter that leaves it out.
      const [departamento, ver] = ["f-departamento", "f-ver"].map((id) => document.getElementById(id));
      if (departamento && departamento.value !== parent) departamento.value = "";
      if (ver) ver.value = level;
      map.dispatchEvent(new CustomEvent("padron:lugar", { detail: { codigo: code }, bubbles: true }));
      map.scrollIntoView({ block: "nearest" });
    } else location.assign(tema ? `/${tema.value}?${parent ? "lugar" : "departamento"}=${code}` : `/ficha/${code}`);
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
