/* Tables that are walked with the keyboard: one stop for the Tab key, arrows, Home and End to the edges, Page Up and Page Down;
 * Enter, Space or a click chooses a cell, whose row and column become part of the address. A heading that is a link leads
 * where it says. Without this script they are tables, with their links.
 *
 * <table data-rejilla="the cells, as CSS" data-fila="parameter of the row" data-columna="parameter of the column">: the code of
 * each row is in its `data-f`, that of each column in the `data-c` of its heading; what has none is asked for by neither.
 */
(() => {
  "use strict";
  const GRID = "table[data-rejilla]";
  const MODIFIED = ["ctrlKey", "metaKey", "shiftKey", "altKey"];
  const MOVES = {
    ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    Home: [0, -Infinity], End: [0, Infinity], PageDown: [10, 0], PageUp: [-10, 0],
  };
  let at = null; // the cell with the focus: its table and the codes of its row and column

  document.documentElement.classList.add("con-js");

  const cellsOf = (table, row) => [...row.cells].filter((cell) => cell.matches(table.dataset.rejilla));
  const rowsOf = (table) => [...table.rows].filter((row) => cellsOf(table, row).length);
  const stopOf = (cell) => (cell.localName === "th" && cell.querySelector("a[href]")) || cell;
  const codesOf = (table, cell) => [cell.parentNode.dataset.f || "", table.tHead.rows[0].cells[cell.cellIndex].dataset.c || ""];
  const within = (limit, wanted) => Math.min(limit - 1, Math.max(0, wanted));

  /** Cells take the focus one at a time: the chosen one, or the first. */
  function prepare() {
    for (const table of document.querySelectorAll(GRID)) {
      table.setAttribute("role", "grid");
      const cells = rowsOf(table).flatMap((row) => cellsOf(table, row));
      for (const cell of cells) stopOf(cell).tabIndex = -1;
      const kept = at?.table === table.id && cells.find((cell) => codesOf(table, cell).join() === at.codes.join());
      const first = kept || table.querySelector("td.ele") || table.querySelector("tr.elegida td.elegida") || table.querySelector("td");
      if (first) stopOf(first).tabIndex = 0;
      if (kept) stopOf(kept).focus({ preventScroll: true });
    }
  }

  function move(table, cell, down, right) {
    const rows = rowsOf(table);
    const cells = cellsOf(table, rows[within(rows.length, rows.indexOf(cell.parentNode) + down)]);
    const found = right ? cells[within(cells.length, cells.indexOf(cell) + right)] : cells.find((other) => other.cellIndex === cell.cellIndex);
    if (!found) return;
    for (const stop of table.querySelectorAll('[tabindex="0"]')) stop.tabIndex = -1;
    stopOf(found).tabIndex = 0;
    stopOf(found).focus();
    found.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function choose(table, cell) {
    const address = new URL(location.href);
    const [row, column] = codesOf(table, cell);
    address.hash = "";
    for (const [name, code] of [[table.dataset.fila, row], [table.dataset.columna, column]]) {
      if (code) address.searchParams.set(name, code);
      else address.searchParams.delete(name);
    }
    window.PadronVivo.ir(address);
  }

  const cellAt = (target) => target.closest?.(`${GRID} :is(td, th)`);

  document.addEventListener("click", (event) => {
    const cell = cellAt(event.target);
    if (!cell || cell.localName !== "td" || event.button || MODIFIED.some((key) => event[key])) return;
    choose(cell.closest(GRID), cell);
  });

  document.addEventListener("keydown", (event) => {
    const cell = cellAt(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const table = cell.closest(GRID);
    if (!cell.matches(table.dataset.rejilla)) return;
    if (event.key in MOVES) move(table, cell, ...MOVES[event.key]);
    else if (cell.localName === "td" && (event.key === "Enter" || event.key === " ")) choose(table, cell);
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusin", ({ target }) => {
    const cell = cellAt(target);
    const table = cell?.closest(GRID);
    at = cell?.matches(table.dataset.rejilla) ? { table: table.id, codes: codesOf(table, cell) } : null;
  });
  document.addEventListener("padron:pagina", prepare);
  document.addEventListener("DOMContentLoaded", prepare);
})();
