/* The table of a cross: arrows move, Home and End go to the edge, Enter (or a click) chooses the cell, whose address vivo.js
 * answers. Without this script the headings and the list of cells are plain navigation.
 */
(() => {
  "use strict";
  const table = () => document.getElementById("tabla-cruce");
  const MODIFIED = ["ctrlKey", "metaKey", "shiftKey", "altKey"];
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
    window.PadronVivo.ir(address);
  }

  document.addEventListener("click", (event) => {
    if (event.button || MODIFIED.some((key) => event[key]) || event.target.closest("a")) return;
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

  document.addEventListener("focusin", ({ target }) => {
    const cell = target.closest("#tabla-cruce td");
    at = cell ? codesOf(cell) : null;
  });
  document.addEventListener("padron:pagina", prepare);
  document.addEventListener("DOMContentLoaded", prepare);
})();
