/* The page of a cross: a change, a heading or a cell becomes an address, whose page takes the place of this one without a
 * reload. In the table: arrows move, Home and End go to the edge, Enter (or a click) chooses the cell. Without this script
 * the form, the headings and the list of cells are plain navigation.
 */
(() => {
  "use strict";
  const main = () => document.getElementById("contenido");
  const table = () => document.getElementById("tabla-cruce");
  let turn = 0; // only the last question is answered
  let at = null; // the cell with the focus, by the codes of its row and column

  document.documentElement.classList.add("con-js");

  const cellsOf = (row) => [...row.querySelectorAll("td")];
  const rowsOf = () => [...table().querySelectorAll("tbody tr, tfoot tr")];
  const columns = () => [...table().querySelectorAll("thead th")].slice(1).map((head) => head.dataset.c);

  /** Cells take the focus one at a time: the chosen one, or the first. */
  function prepare() {
    if (!table()) return;
    table().setAttribute("role", "grid");
    for (const row of rowsOf()) for (const cell of cellsOf(row)) cell.tabIndex = -1;
    const first = table().querySelector("td.ele") || table().querySelector("td");
    if (first) first.tabIndex = 0;
    if (at) cellAt(at)?.focus({ preventScroll: true });
  }

  function cellAt([row, column]) {
    const found = rowsOf().find((item) => item.dataset.f === row);
    return found && cellsOf(found)[columns().indexOf(column)];
  }

  const codesOf = (cell) => [cell.parentNode.dataset.f, columns()[cellsOf(cell.parentNode).indexOf(cell)]];

  function move(cell, down, right) {
    const rows = rowsOf();
    const row = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(cell.parentNode) + down))];
    const cells = cellsOf(row);
    const position = cellsOf(cell.parentNode).indexOf(cell) + right;
    focusOn(cells[Math.min(cells.length - 1, Math.max(0, position))]);
  }

  function focusOn(cell) {
    table().querySelector('td[tabindex="0"]')?.setAttribute("tabindex", "-1");
    cell.tabIndex = 0;
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function choose(cell) {
    const address = new URL(location.href);
    const [row, column] = codesOf(cell);
    at = [row, column];
    address.hash = "";
    address.searchParams.set("fila", row);
    address.searchParams.set("columna", column);
    go(address, { push: true });
  }

  // ---- from an address to its page -------------------------------------------------------------------------------

  async function go(address, { push = false, focus = "" } = {}) {
    const mine = ++turn;
    const url = new URL(address, location.href);
    let text;
    try {
      const response = await fetch(url, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(String(response.status));
      text = await response.text();
    } catch {
      return void location.assign(url);
    }
    if (mine !== turn) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("contenido");
    if (!fresh) return void location.assign(url);
    if (push) history.pushState(null, "", url);
    const frame = document.querySelector(".marco-calor");
    const [left, top] = frame ? [frame.scrollLeft, frame.scrollTop] : [0, 0];
    const open = document.querySelector(".listos")?.open;
    main().replaceChildren(...fresh.childNodes);
    document.title = page.title;
    for (const link of ["link[rel=canonical]", "a.modo"]) {
      document.querySelector(link)?.setAttribute("href", page.querySelector(link).getAttribute("href"));
    }
    const taken = document.querySelector(".marco-calor");
    if (taken) taken.scrollTo({ left, top, behavior: "instant" });
    if (open) document.querySelector(".listos").open = true;
    prepare();
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
    document.documentElement.dataset.respuesta = url.search;
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || form.id !== "cruce") return;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
    at = null;
    go(`${form.getAttribute("action")}?${query}`, { push: true, focus: `#${event.target.id}` });
  });

  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest(".pagina-cruces a[href]");
    if (link && link.pathname === location.pathname && !link.hasAttribute("download")) {
      event.preventDefault();
      const heading = link.closest("th[data-c]")?.dataset.c;
      at = null;
      const focus = heading ? `th[data-c="${CSS.escape(heading)}"] a` : "";
      return void go(link.href, { push: true, focus });
    }
    const cell = event.target.closest("#tabla-cruce td");
    if (cell) choose(cell);
  });

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest && event.target.closest("#tabla-cruce td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      Home: [0, -Infinity], End: [0, Infinity], PageDown: [10, 0], PageUp: [-10, 0],
    };
    if (event.key in moves) move(cell, ...moves[event.key]);
    else if (event.key === "Enter" || event.key === " ") choose(cell);
    else return;
    event.preventDefault();
  });

  window.addEventListener("popstate", () => {
    at = null;
    go(location.href);
  });
  document.addEventListener("DOMContentLoaded", prepare);
})();
