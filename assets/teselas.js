/* The tiles of the United States with the keyboard: the tiles become the options of one ARIA listbox, as the shapes of the map
 * are, one of all of them in the tab order. Arrows go to the next tile that way, Home and End to the first and the last, letters
 * to a name, Enter and Space choose. Without this script the tiles of the states with people are links.
 */
(() => {
  "use strict";
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const TYPING_MS = 800; // a longer pause starts a new name
  const { fold } = window.PadronTexto;
  let current = null; // the code of the only tile in the tab order
  let typed = "";
  let typedAt = -TYPING_MS;

  const list = () => document.getElementById("teselas");
  const tiles = () => [...list().children].map((item) => item.querySelector("a") || item);
  function placeOf(tile) {
    const { gridColumnStart, gridRowStart } = getComputedStyle(tile.closest("li"));
    return [gridColumnStart, gridRowStart].map(Number);
  }
  const codeOf = (tile) => tile.closest("li").dataset.codigo;
  const nameOf = (tile) => tile.closest("li").querySelector(".oculto").textContent.trim();

  function rove(tile) {
    for (const other of tiles()) other.tabIndex = -1;
    tile.tabIndex = 0;
    current = codeOf(tile);
  }

  function prepare() {
    if (!list()) return;
    const all = tiles();
    list().setAttribute("role", "listbox");
    for (const tile of all) {
      if (tile.localName === "a") tile.parentNode.setAttribute("role", "none");
      tile.setAttribute("role", "option");
      tile.setAttribute("aria-label", nameOf(tile));
      tile.setAttribute("aria-selected", String(tile.getAttribute("aria-current") === "true"));
      if (tile.localName !== "a") tile.setAttribute("aria-disabled", "true");
    }
    const kept = all.find((tile) => codeOf(tile) === current);
    rove(kept || all.find((tile) => tile.matches("[aria-selected=true]")) || all.find((tile) => tile.localName === "a") || all[0]);
  }

  /** The nearest tile that way: what is out of the line counts three times as far. */
  function next(tile, [right, down]) {
    const [x, y] = placeOf(tile);
    const there = tiles().map((other) => {
      const [dx, dy] = placeOf(other).map((value, axis) => value - [x, y][axis]);
      return [dx * right + dy * down, Math.abs(dx * down) + Math.abs(dy * right), other];
    });
    const found = there.filter(([ahead, aside]) => ahead > 0 && aside <= ahead);
    return found.sort((one, other) => one[0] + 3 * one[1] - other[0] - 3 * other[1])[0]?.[2];
  }

  function typeAhead(tile, letter, time) {
    typed = (time - typedAt < TYPING_MS ? typed : "") + fold(letter);
    typedAt = time;
    const all = tiles().sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
    const start = all.indexOf(tile) + (typed.length === 1);
    return [...all.slice(start), ...all].find((other) => fold(nameOf(other)).startsWith(typed));
  }

  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest?.("#teselas [role=option]");
    const { key } = event;
    if (!tile || event.ctrlKey || event.metaKey || event.altKey) return;
    let to = null;
    if (key in ARROWS) to = next(tile, ARROWS[key]);
    else if (key === "Home") [to] = tiles();
    else if (key === "End") to = tiles().at(-1);
    else if (key === " " && event.timeStamp - typedAt > TYPING_MS) tile.click();
    else if (key.length === 1) to = typeAhead(tile, key, event.timeStamp);
    else return;
    if (key.length > 1) typed = ""; // a name begins again after any move
    event.preventDefault();
    to?.focus();
  });

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("#teselas [role=option]")) rove(target);
  });
  document.addEventListener("padron:pagina", prepare);
  document.addEventListener("DOMContentLoaded", prepare);
})();
