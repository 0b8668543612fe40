/* Filters that answer in place: the change of a control of a native form (`data-vivo`), or a link to this same page with
 * another question, becomes an address. Its page is fetched and only what it changes takes the place of what is shown: the
 * focus and the scroll stay, Back and Forward walk the answers, and a screen reader hears the new sentence. When no answer
 * comes, nothing changes: the page says so and offers to try again. Without this script a form has its button and a link is
 * a link.
 *
 * window.PadronVivo.ir(address) is for the other scripts. The event "padron:pagina" tells them that the page is another;
 * an element with `data-propio` keeps what its script drew in it.
 */
(() => {
  "use strict";
  const ANSWER_MS = 15000; // an answer later than this is a failure
  const SPOKEN = "h1, .respuesta, .avisos li, .celda"; // what is read aloud when it changes
  const MODIFIED = ["ctrlKey", "metaKey", "shiftKey", "altKey"];
  const main = document.getElementById("contenido");
  const spoken = Object.assign(document.createElement("p"), { id: "anuncio", className: "oculto" });
  const here = () => location.pathname + location.search;
  let asking = null; // the question on its way
  let unfolded = false; // whether the filters that a phone folds are in sight
  let shown = here(); // the address of what is on screen

  // ---- from one page to the next, changing only what differs -----------------------------------------------------

  function sameAttributes(node, wanted) {
    for (const { name, value } of wanted.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    if ("propio" in node.dataset) return;
    for (const { name } of [...node.attributes]) {
      const isOpen = name === "open" && node.localName === "details"; // what a person unfolded stays so
      if (!wanted.hasAttribute(name) && !isOpen) node.removeAttribute(name);
    }
  }

  const alike = (node, wanted) => node.nodeName === wanted.nodeName && (node.id || "") === (wanted.id || "");

  /** The next child like the wanted one; what has a name of its own, or the focus, is not thrown away to reach it. */
  function next(node, wanted) {
    for (let other = node; other; other = other.nextSibling) {
      if (alike(other, wanted)) return other;
      if ((other.id && !wanted.id) || other.contains(document.activeElement)) return null;
    }
    return null;
  }

  function become(node, wanted) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
      return;
    }
    if (node.isEqualNode(wanted) && !node.matches("select") && !node.querySelector("select")) return; // but for what is chosen
    sameAttributes(node, wanted);
    if ("propio" in node.dataset) return;
    let child = node.firstChild;
    for (const each of [...wanted.childNodes]) {
      const found = next(child, each);
      if (!found) {
        node.insertBefore(each, child);
        continue;
      }
      for (; child !== found; child = dropped(child));
      const after = found.nextSibling;
      become(found, each);
      child = after;
    }
    while (child) child = dropped(child);
    if (node.localName === "select") node.selectedIndex = wanted.selectedIndex;
  }

  function dropped(node) {
    const after = node.nextSibling;
    node.remove();
    return after;
  }

  // ---- from an address to its page -------------------------------------------------------------------------------

  async function ir(address, { push = true, from = null } = {}) {
    const url = new URL(address, location.href);
    const words = from?.labels?.length ? `«${from.labels[0].lastChild.textContent}: ${from.selectedOptions[0].textContent}»` : "";
    asking?.abort();
    const mine = (asking = new AbortController());
    const late = setTimeout(() => mine.abort(), ANSWER_MS);
    main.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url.pathname + url.search, { headers: { Accept: "text/html" }, signal: mine.signal });
      if (!response.ok) throw new Error(String(response.status));
      // The policy of this page does not name the rules of that one.
      const text = (await response.text()).replace(/<style>[^<]*<\/style>/, "");
      const page = new DOMParser().parseFromString(text, "text/html");
      if (mine === asking) show(page, Object.assign(url, { search: new URL(response.url).search }), push, words);
    } catch (error) {
      if (mine === asking) fail(url, push, from, words);
    } finally {
      clearTimeout(late);
      if (mine === asking) {
        asking = null;
        main.removeAttribute("aria-busy");
      }
    }
  }

  const texts = () => [...main.querySelectorAll(SPOKEN)].map((node) => node.textContent);
  const made = (page) => [...page.querySelectorAll("link[rel=stylesheet], script[src]")].map((node) => node.getAttribute("src") || node.getAttribute("href"));

  function show(page, url, push, words) {
    const fresh = page.getElementById("contenido");
    // Of another version of the site, or not a page of it.
    if (!fresh || made(page).join() !== made(document).join()) return void location.assign(url);
    const said = new Set(texts());
    const active = document.activeElement;
    const back = document.getElementById("fallo")?.contains(active) && document.getElementById("fallo").desde;
    document.getElementById("fallo")?.remove();
    if (push) history.pushState(null, "", url.pathname + url.search);
    shown = here();
    become(main, fresh);
    // The policy lets a script say what those rules say.
    for (const node of main.querySelectorAll("[data-estilo]")) node.style.cssText = node.dataset.estilo;
    fold();
    main.setAttribute("aria-busy", "true"); // until every script is done
    document.title = page.title;
    for (const css of ["link[rel=canonical]", "a.modo", ".pie nav a:last-of-type"]) {
      document.querySelector(css)?.setAttribute("href", page.querySelector(css).getAttribute("href"));
    }
    const state = document.getElementById("estado-inicial");
    if (state) state.textContent = page.getElementById("estado-inicial")?.textContent ?? "null";
    document.dispatchEvent(new CustomEvent("padron:pagina"));
    keepFocus(back ? document.getElementById(back) : active, url.hash);
    spoken.textContent = texts().filter((text) => !said.has(text)).join(" ") || `Página actualizada. ${words}`;
    document.documentElement.dataset.respuesta = url.search;
  }

  /** On a phone a form may be folded into what it says, until one wants to change it. */
  function fold() {
    for (const button of main.querySelectorAll("[data-cambiar]")) {
      button.form.classList.toggle("abierto", unfolded);
      button.setAttribute("aria-expanded", String(unfolded));
      button.textContent = unfolded ? "Cerrar" : "Cambiar";
    }
  }

  /** The focus stays where it was or, if that is gone, goes to where its link led. */
  function keepFocus(active, hash) {
    if (!active || active === document.body || document.activeElement !== document.body) return;
    if (active.isConnected) return active.focus({ preventScroll: true });
    const target = (hash && document.getElementById(hash.slice(1))) || main;
    if (target !== main) target.tabIndex = -1;
    target.focus({ preventScroll: target === main });
  }

  /** Nothing on screen changes, the form included: what was asked can be asked again. */
  function fail(url, push, from, words) {
    const forms = [...main.querySelectorAll("form[data-vivo]")];
    for (const form of forms) form.reset();
    document.getElementById("fallo")?.remove();
    const box = document.createElement("div");
    const text = document.createElement("p");
    const again = document.createElement("button");
    Object.assign(box, { id: "fallo", className: "fallo", desde: from?.id || "" }).setAttribute("role", "alert");
    text.textContent = `No se pudo mostrar ${words || "lo que pidió"}: el sitio no respondió. Se sigue viendo lo anterior.`;
    Object.assign(again, { type: "button", className: "boton", textContent: "Reintentar" });
    again.addEventListener("click", () => ir(url, { push, from }));
    box.append(text, again);
    const place = from?.form || forms[0];
    if (place) place.after(box);
    else main.prepend(box);
    document.dispatchEvent(new CustomEvent("padron:pagina")); // a script that painted the choice at once paints what is shown
  }

  // ---- what a person does ----------------------------------------------------------------------------------------

  /** The address of a form; what depends on the control that changed, and was not chosen, is left to follow it. */
  function addressOf(form, changed = null) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const { dataset, selectedIndex } = form.elements[name];
      const follows = changed && (dataset.sigue || "").split(" ").includes(changed.name) && selectedIndex === 0;
      const outside = changed?.value && dataset.dentroDe === changed.name;
      if (value && value !== dataset.inicial && !follows && !outside) query.set(name, value);
    }
    return Object.assign(new URL(form.action), { search: query });
  }

  const isHere = (form) => form?.matches("form[data-vivo]") && new URL(form.action).pathname === location.pathname;

  document.addEventListener("change", ({ target }) => {
    if (isHere(target.form)) ir(addressOf(target.form, target), { from: target });
  });

  document.addEventListener("submit", (event) => {
    if (!isHere(event.target)) return;
    event.preventDefault();
    ir(addressOf(event.target));
  });

  document.addEventListener("click", ({ target }) => {
    if (!target.matches?.("[data-cambiar]")) return;
    unfolded = !unfolded;
    fold();
  });

  document.addEventListener("click", (event) => {
    if (event.button || event.defaultPrevented || MODIFIED.some((key) => event[key])) return;
    const link = event.target.closest?.("#contenido a[href]");
    const elsewhere = !link || link.pathname !== location.pathname || link.origin !== location.origin;
    if (elsewhere || link.search === location.search || link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    ir(link.href);
  });

  addEventListener("popstate", () => {
    if (here() !== shown) ir(location.href, { push: false });
  });

  addEventListener("pagehide", () => {
    asking?.abort();
    asking = null;
  });

  spoken.setAttribute("role", "status");
  document.body.append(spoken);
  document.documentElement.classList.add("con-vivo");
  window.PadronVivo = { ir };
})();
