/* The dots of /participacion/lugares: a card for the one pointed at or reached with the arrows, and a choice of it.
 *
 * Each strip becomes an ARIA listbox with its dots as options, one of all of them in the tab order. Left and right go along
 * a strip, up and down to the nearest dot of the next one, Home and End to its ends, letters to a name, Enter and Space
 * choose, Escape closes the card. Without this script the page has the same figures in its table.
 */
(() => {
  "use strict";
  const NEAR_PX = 22; // a finger is wider than a dot
  const TYPING_MS = 800;
  const { fold } = window.PadronTexto;
  const ofDot = "#franjas circle[data-lugar]";
  const watcher = new ResizeObserver(name);
  const tip = document.createElement("div");
  tip.className = "globo";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the option's own name says the same
  let root = null; // the strips of the page that is shown, and what the server says of it
  let state = null;
  let places = {};
  let current = null;
  let pointed = null; // the dot whose card the pointer brought
  let typed = "";
  let typedAt = -TYPING_MS;

  const shown = () => [...root.querySelectorAll(".franja svg")].filter((svg) => svg.checkVisibility());
  const dotsOf = (svg) => [...svg.querySelectorAll("[data-lugar]")];
  const across = (dot) => parseFloat(dot.getAttribute("cx"));

  function words(dot) {
    const [name, , parent] = places[dot.dataset.lugar] || [dot.dataset.lugar];
    return [name, places[parent]?.[0] || "", ...state.pintura[dot.dataset.lugar][1].split("; ")];
  }

  function rove(dot) {
    current?.setAttribute("tabindex", "-1");
    current = dot;
    current?.setAttribute("tabindex", "0");
  }

  function focusOn(dot) {
    if (!dot) return;
    rove(dot);
    dot.focus();
  }

  function showTip(dot) {
    tip.replaceChildren(...words(dot).filter(Boolean).map((text, i) => {
      const node = document.createElement(["strong", "span", "span", "b"][i] || "span");
      node.textContent = text;
      return node;
    }));
    tip.hidden = false;
    const { left, top, width, height } = dot.getBoundingClientRect();
    const keep = (at, size, room) => `${Math.max(8, Math.min(at, room - size - 8))}px`;
    const above = top - tip.offsetHeight - 10;
    tip.style.left = keep(left + width / 2 - tip.offsetWidth / 2, tip.offsetWidth, document.documentElement.clientWidth);
    tip.style.top = keep(above < 8 ? top + height + 10 : above, tip.offsetHeight, innerHeight);
    root.querySelector(".sobre-punto")?.classList.remove("sobre-punto");
    dot.classList.add("sobre-punto");
  }

  function hideTip() {
    tip.hidden = true;
    root?.querySelector(".sobre-punto")?.classList.remove("sobre-punto");
  }

  const choose = (dot) => window.PadronVivo.ir(document.getElementById("mapa").dataset.destino.replace("{}", dot.dataset.lugar));

  /** The dot under the pointer or, for a finger, the nearest one. */
  function at({ target, clientX, clientY }) {
    const svg = target.closest?.("#franjas .franja svg");
    if (!svg || !state) return null;
    if (target.matches("circle[data-lugar]")) return target;
    const near = dotsOf(svg).map((dot) => {
      const box = dot.getBoundingClientRect();
      return [Math.hypot(box.x + box.width / 2 - clientX, box.y + box.height / 2 - clientY), dot];
    }).sort(([a], [b]) => a - b)[0];
    return near && near[0] <= NEAR_PX ? near[1] : null;
  }

  function typeAhead(letter, time) {
    typed = (time - typedAt < TYPING_MS ? typed : "") + fold(letter);
    typedAt = time;
    const all = shown().flatMap(dotsOf);
    const start = all.indexOf(current) + (typed.length === 1);
    focusOn([...all.slice(start), ...all].find((dot) => fold(words(dot)[0]).startsWith(typed)));
  }

  function onKey(event) {
    const { key, target } = event;
    if (!target.matches(ofDot) || event.ctrlKey || event.metaKey || event.altKey) return;
    const strips = shown();
    const strip = strips.indexOf(target.closest("svg"));
    const dots = dotsOf(strips[strip]);
    const here = dots.indexOf(target);
    const next = (step) => {
      for (let other = strip + step; strips[other]; other += step) {
        const found = dotsOf(strips[other]);
        if (found.length) return found.sort((a, b) => Math.abs(across(a) - across(target)) - Math.abs(across(b) - across(target)))[0];
      }
      return null;
    };
    if (key.length > 1) typed = ""; // a name begins again after any move
    if (key === "ArrowRight") focusOn(dots[here + 1]);
    else if (key === "ArrowLeft") focusOn(dots[here - 1]);
    else if (key === "ArrowDown") focusOn(next(1));
    else if (key === "ArrowUp") focusOn(next(-1));
    else if (key === "Home") focusOn(dots[0]);
    else if (key === "End") focusOn(dots[dots.length - 1]);
    else if (key === "Enter" || (key === " " && event.timeStamp - typedAt > TYPING_MS)) choose(target);
    else if (key === "Escape") hideTip();
    else if (key.length === 1) typeAhead(key, event.timeStamp);
    else return;
    event.preventDefault();
  }

  /** Names and roles for the strips on screen: a phone that is turned shows the others. */
  function name() {
    for (const [number, svg] of shown().entries()) {
      const dots = dotsOf(svg);
      if (!dots.length || svg.getAttribute("role") === "listbox") continue;
      svg.removeAttribute("aria-hidden");
      svg.setAttribute("role", "listbox");
      svg.setAttribute("aria-label", `Municipios del grupo ${number + 1}, del más bajo al más alto`);
      for (const node of svg.querySelectorAll("line, text, .entero")) node.setAttribute("aria-hidden", "true");
      for (const dot of dots) {
        dot.setAttribute("role", "option");
        dot.setAttribute("tabindex", "-1");
        dot.setAttribute("aria-label", words(dot).filter(Boolean).join(", "));
        dot.setAttribute("aria-selected", String(dot.dataset.lugar === state.lugar));
      }
    }
    const all = shown().flatMap(dotsOf);
    if (!all.includes(current)) current = null;
    if (current?.getAttribute("tabindex") === "0") return;
    rove(current === document.activeElement && current || all.find((dot) => dot.dataset.lugar === state.lugar) || all[0] || null);
  }

  /** Takes the strips of the page: the first one, or the one that took its place. */
  async function take() {
    root = document.getElementById("franjas");
    state = JSON.parse(document.getElementById("estado-inicial")?.textContent ?? "null");
    hideTip();
    if (!root || !state) return;
    if (!Object.keys(places).length) {
      places = await fetch(document.getElementById("mapa").dataset.lugares).then((answer) => answer.json()).catch(() => ({}));
    }
    root.append(tip);
    name();
    watcher.disconnect();
    watcher.observe(root);
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches(ofDot)) return;
    rove(target);
    if (target.matches(":focus-visible")) showTip(target);
  });
  document.addEventListener("focusout", hideTip);
  document.addEventListener("click", (event) => {
    const dot = at(event);
    if (dot) choose(dot);
  });
  document.addEventListener("pointermove", (event) => {
    const dot = event.pointerType === "touch" ? null : at(event);
    if (dot) showTip(dot);
    else if (pointed) hideTip();
    pointed = dot;
  });
  addEventListener("scroll", () => document.activeElement.matches(ofDot) || hideTip(), { passive: true });
  document.addEventListener("padron:pagina", take);
  take();
})();
