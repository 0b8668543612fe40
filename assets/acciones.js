/* What a person does with an answer: listen to it with the voice of the device, send it, print it. Nothing leaves the device but
 * what the person sends.
 *
 * <button data-escuchar="CSS of what is read, inside the nearest section or article"> · data-enviar · data-imprimir. The other
 * scripts and pages add nothing: a button without this script is not shown.
 */
(() => {
  "use strict";
  const TOLD_MS = 2500;
  const LANGUAGE = document.documentElement.lang || "es-GT";
  const voices = window.speechSynthesis;
  document.documentElement.classList.add("con-js");
  let reading = null; // the button whose words are being read

  /** The voice of the device in the language of the page, the nearest country first. */
  function voice() {
    const [language] = LANGUAGE.split("-");
    const mine = voices.getVoices().filter(({ lang }) => lang.replace("_", "-").split("-")[0] === language);
    const near = [LANGUAGE, `${language}-MX`, `${language}-US`, `${language}-419`];
    return near.map((lang) => mine.find((one) => one.lang.replace("_", "-") === lang)).find(Boolean) || mine[0];
  }

  function quiet() {
    voices?.cancel();
    if (reading) Object.assign(reading, { textContent: reading.dataset.titulo }).setAttribute("aria-pressed", "false");
    reading = null;
  }

  function say(button, text) {
    const title = button.textContent;
    button.textContent = text;
    setTimeout(() => { button.textContent = title; }, TOLD_MS);
  }

  function listen(button) {
    const isSame = reading === button;
    quiet();
    if (isSame) return;
    if (!voices) return void say(button, "Sin voz aquí");
    const near = button.closest("section, article, main");
    const text = [...near.querySelectorAll(button.dataset.escuchar)].map((node) => node.textContent.replaceAll("\u00ad", "")).join(" ");
    const words = Object.assign(new SpeechSynthesisUtterance(text), { lang: LANGUAGE, voice: voice() || null, onend: quiet, onerror: quiet });
    button.dataset.titulo ||= button.textContent;
    reading = button;
    button.textContent = "Detener";
    button.setAttribute("aria-pressed", "true");
    voices.speak(words);
  }

  async function send(button) {
    const shared = { title: document.title, url: location.href };
    try {
      if (navigator.share) await navigator.share(shared);
      else {
        await navigator.clipboard.writeText(shared.url);
        say(button, "Enlace copiado");
      }
    } catch (error) {
      if (error.name !== "AbortError") say(button, "No se pudo");
    }
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("button[data-escuchar], button[data-enviar], button[data-imprimir]");
    if (!button) return;
    if ("escuchar" in button.dataset) listen(button);
    else if ("enviar" in button.dataset) send(button);
    else print();
  });
  document.addEventListener("padron:pagina", quiet);
  addEventListener("pagehide", quiet);
})();
