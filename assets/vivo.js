/* Filters that answer in place: the change of a control of a native form (`data-vivo`), or a link to this same page with
 * another question, becomes an address. Its page is asked for (through Dash once it has come, assets/dash.js) and only what it
 * changes takes the place of what is shown: the focus and the scroll stay, Back and Forward walk the answers, and a screen reader
 * hears the new sentence. An answer that takes long is said to be on its way. When none comes, nothing changes: the page says so
 * and offers to try again. Without this script a form has its button and a link is a link.
 *
 * window.PadronVivo = { ir(address), pidiendo() } is for the other scripts; "padron:pagina" tells them that the page is another, and an element with
 * `data-propio` keeps what its script drew in it.
 */
(() => {
  "use strict";
  const ANSWER_MS = 15000; // an answer later than this is a failure
  const DIMMED_MS = 300; // before this, an answer comes at once
  const SAID_MS = 1000; // after this, who waits is told so
  // What is read aloud when it changes: what had to be corrected, and the first of these that is another.
  const CORRECTED = ".avisos li";
  const SPOKEN = [".hoja .frase", ".celda", ".respuesta", "h1"];
  const MODIFIED = ["ctrlKey", "metaKey", "shiftKey", "altKey"];
  const main = document.getElementById("contenido");
  const spoken = Object.assign(document.createElement("p"), { id: "anuncio", className: "oculto" });
  const onItsWay = Object.assign(document.createElement("p"), { id: "en-camino", className: "en-camino", hidden: true });
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
    const patience = [
      setTimeout(() => mine.abort(), ANSWER_MS),
      setTimeout(() => main.setAttribute("aria-busy", "true"), DIMMED_MS),
      setTimeout(() => say("Buscando la respuesta…"), SAID_MS),
    ];
    try {
      // The policy of this page does not name the rules of that one.
      const text = (await written(url, mine.signal)).replace(/<style>[^<]*<\/style>/, "");
      const page = new DOMParser().parseFromString(text, "text/html");
      if (mine === asking && (await isOfThisSite(page)) && mine === asking) show(page, url, push, words);
      else if (mine === asking) location.assign(url);
    } catch (error) {
      if (mine === asking) fail(url, push, from, words);
    } finally {
      patience.forEach(clearTimeout);
      if (mine === asking) {
        asking = null;
        main.removeAttribute("aria-busy");
        say("");
      }
    }
  }

  function say(text) {
    onItsWay.textContent = text;
    onItsWay.hidden = !text;
  }

  /** The HTML of a page. `url` becomes the address that the page has of itself, if it is another. */
  async function written(url, signal) {
    const address = url.pathname + url.search;
    if (window.PadronDash?.listo()) {
      const answered = await window.PadronDash.pide(address, signal).catch(() => null);
      if (answered) return answered;
    }
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal });
    if (!response.ok) throw new Error(String(response.status));
    url.search = new URL(response.url).search;
    return response.text();
  }

  const texts = (css) => [...main.querySelectorAll(css)].map((node) => node.textContent.replaceAll("\u00ad", ""));

  /** What to say of what changed: in few words, of an answer only its first sentence. */
  function news(before) {
    const another = (css) => texts(css).filter((text) => !before.includes(text));
    const first = SPOKEN.map((css) => another(css)[0]).find(Boolean);
    const left = before.includes("hoja") && !main.querySelector(".hoja") ? "Se quitó el lugar elegido." : "";
    return [...another(CORRECTED), left || first?.match(/^.*?[.?](?= |$)/s)?.[0] || first].filter(Boolean).join(" ");
  }
  const made = (page, css, name) => [...page.head.querySelectorAll(css)].map((node) => node.getAttribute(name)).filter((it) => it.startsWith("/assets/"));

  /** Whether a page is of this version of the site; the style sheets that only it needs come first. */
  async function isOfThisSite(page) {
    const [scripts, sheets] = [["script[src]", "src"], ["link[rel=stylesheet]", "href"]];
    if (!page.getElementById("contenido") || made(page, ...scripts).join() !== made(document, ...scripts).join()) return false;
    const here = made(document, ...sheets);
    const lacking = made(page, ...sheets).filter((sheet) => !here.includes(sheet));
    const nameOf = (sheet) => sheet.split("?")[0];
    if (lacking.some((sheet) => here.map(nameOf).includes(nameOf(sheet)))) return false;
    await Promise.all(lacking.map((href) => new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: reject }));
    })));
    return true;
  }

  function show(page, url, push, words) {
    const fresh = page.getElementById("contenido");
    const before = [...[CORRECTED, ...SPOKEN].flatMap(texts), main.querySelector(".hoja") ? "hoja" : ""];
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
    spoken.textContent = news(before) || `Página actualizada. ${words}`;
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
      const says = (list) => changed && (list || "").split(" ").includes(changed.name);
      const follows = says(dataset.sigue) && selectedIndex === 0;
      const outside = changed?.value && dataset.dentroDe === changed.name && !(dataset.en || "").split(" ").includes(changed.value);
      // One control may choose among several things, and says whose its value is: «edad.18_25».
      const [asked, chosen] = "deCual" in dataset ? value.split(".") : [name, value];
      if (value && value !== dataset.inicial && !follows && !outside && !says(dataset.deja)) query.set(asked, chosen);
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

  for (const node of [spoken, onItsWay]) {
    node.setAttribute("role", "status");
    document.body.append(node);
  }
  document.documentElement.classList.add("con-vivo");
  document.documentElement.dataset.respuesta = location.search;
  window.PadronVivo = { ir, pidiendo: () => Boolean(asking) };
})();
