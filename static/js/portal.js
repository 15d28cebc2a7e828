/* Small conveniences of every page. Nothing here is needed to work: each page does its job without it.
 *
 * data-takes-focus            receives the focus when it appears (error summaries)
 * data-announce="sentence"    said by screen readers when htmx brings the element
 * data-submit-once            a form that is not sent twice by a double click
 * data-opens-dialog           a link to the id of a <dialog>;  data-closes-dialog closes it
 * data-closes-outside         a <details> closed by a click elsewhere or by Escape
 * data-filters-rows="table id" a search field that hides the rows whose header lacks the words typed
 * data-needs-script           hidden until this file runs
 * data-copies="field id"      a button that copies the text of a field, or selects it where the browser refuses
 * data-fills-login/-password  a button that fills the sign-in form (demonstration)
 */
(() => {
  "use strict";

  const SENTENCES = {
    403: "Vous n’avez pas le droit d’effectuer cette action.",
    404: "Cet élément n’existe pas ou vous n’y avez pas accès.",
    409: "Cette fiche a été modifiée entre-temps. Rechargez-la avant d’enregistrer.",
    413: "Fichier trop volumineux.",
    429: "Trop de tentatives. Réessayez plus tard.",
  };
  const NO_ANSWER = "Le portail ne répond pas. Vérifiez votre connexion, puis recommencez.";
  const SIGNED_OUT = "Votre session a expiré. Reconnectez-vous dans un autre onglet, puis recommencez ici.";
  const OTHER_FAILURE = "Une erreur est survenue. Rien n’a été enregistré ; réessayez dans quelques minutes.";

  function byId(id) {
    return document.getElementById(id);
  }

  function showFailure(sentence) {
    const region = byId("page-error");
    if (!region) return;
    const notice = document.createElement("p");
    notice.className = "notice is-danger";
    notice.textContent = sentence;
    region.replaceChildren(notice);
    region.scrollIntoView({ block: "nearest" });
  }

  function isPolling(element) {
    return element.getAttribute("hx-trigger")?.startsWith("every");
  }

  function beforeRequest(event) {
    if (!isPolling(event.detail.elt)) byId("page-error")?.replaceChildren();
  }

  /* A signed-out person is led to the sign-in page, which must not be swapped into a corner of this one. */
  function beforeSwap(event) {
    const answered = new URL(event.detail.xhr.responseURL, location.href);
    if (answered.pathname !== document.body.dataset.signIn) return;
    event.detail.shouldSwap = false;
    showFailure(SIGNED_OUT);
  }

  function afterRequest(event) {
    const form = event.detail.elt.closest("form[data-sent]");
    if (form) setSent(form, false);
  }

  function welcome(root) {
    root.querySelector("[data-takes-focus]")?.focus();
    const spoken = root.matches?.("[data-announce]") ? root : root.querySelector("[data-announce]");
    if (spoken && byId("page-announce")) byId("page-announce").textContent = spoken.dataset.announce;
    root.querySelectorAll("[data-needs-script]").forEach((element) => element.removeAttribute("hidden"));
    root.querySelectorAll('input[type="password"]').forEach(addPasswordSwitch);
    openWideTables();
  }

  /* A table wider than the screen scrolls in its frame: the keyboard must reach it. */
  function openWideTables() {
    document.querySelectorAll(".table-wrap").forEach((frame) => {
      if (frame.scrollWidth <= frame.clientWidth) return;
      frame.tabIndex = 0;
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent.trim() || "Tableau");
    });
  }

  function addPasswordSwitch(input) {
    if (input.dataset.hasSwitch) return;
    input.dataset.hasSwitch = "yes";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link btn-sm";
    button.setAttribute("aria-controls", input.id);
    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? "Masquer le mot de passe" : "Afficher le mot de passe";
    };
    button.addEventListener("click", () => show(input.type === "password"));
    input.form?.addEventListener("submit", () => show(false));
    show(false);
    input.after(button);
  }

  function blockSecondSubmit(event) {
    const form = event.target;
    if (!form.matches("[data-submit-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    setSent(form, true);
    setTimeout(() => setSent(form, false), 10_000); // the answer may be a download: the page stays
  }

  function setSent(form, sent) {
    if (sent) form.dataset.sent = "yes";
    else delete form.dataset.sent;
    form.querySelectorAll('[type="submit"]').forEach((button) => button.setAttribute("aria-disabled", String(sent)));
  }

  function releaseForms() {
    document.querySelectorAll("form[data-sent]").forEach((form) => setSent(form, false));
  }

  function fillSignIn(button) {
    byId("id_login").value = button.dataset.fillsLogin;
    byId("id_password").value = button.dataset.fillsPassword;
    byId("id_login").form.querySelector('[type="submit"]').focus();
  }

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\s+/g, " ").trim();
  }

  function filterRows(field) {
    const words = plain(field.value).split(" ");
    const rows = [...byId(field.dataset.filtersRows).tBodies[0].rows];
    for (const row of rows) {
      const header = plain(row.querySelector("th").textContent);
      row.hidden = !words.every((word) => header.includes(word));
    }
    byId("page-announce").textContent = `${rows.filter((row) => !row.hidden).length} lignes sur ${rows.length}.`;
  }

  async function copyField(button) {
    const field = byId(button.dataset.copies);
    field.select();
    let sentence = "Texte sélectionné : copiez-le avec Ctrl + C.";
    try {
      await navigator.clipboard.writeText(field.value);
      sentence = "Copié.";
    } catch {} // refused, or a page without https: the text is selected
    button.textContent = sentence;
    byId("page-announce").textContent = sentence;
  }

  function onInput(event) {
    if (event.target.matches("[data-filters-rows]")) filterRows(event.target);
  }

  function openDialog(event, link) {
    const dialog = document.querySelector(link.getAttribute("href"));
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
    dialog.addEventListener("close", () => link.focus(), { once: true });
  }

  function closeDialog(event, link) {
    event.preventDefault();
    link.closest("dialog").close();
  }

  function closeDetails(except) {
    document.querySelectorAll("details[data-closes-outside][open]").forEach((details) => {
      if (!details.contains(except)) details.open = false;
    });
  }

  function onClick(event) {
    const { target } = event;
    closeDetails(target);
    const filler = target.closest("[data-fills-login]");
    if (filler) fillSignIn(filler);
    const opener = target.closest("[data-opens-dialog]");
    if (opener) openDialog(event, opener);
    const copier = target.closest("[data-copies]");
    if (copier) copyField(copier);
    const closer = target.closest("[data-closes-dialog]");
    if (closer) closeDialog(event, closer);
  }

  function onKeydown(event) {
    if (event.key !== "Escape") return;
    const opened = document.querySelector("details[data-closes-outside][open]");
    closeDetails(null);
    opened?.querySelector("summary").focus();
  }

  /* « What is missing » leads to a field: the keyboard goes there too. */
  function focusFieldOfAddress() {
    if (location.hash.startsWith("#id_")) byId(location.hash.slice(1))?.focus();
  }

  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKeydown);
  document.addEventListener("submit", blockSecondSubmit, true);
  addEventListener("resize", openWideTables);
  addEventListener("pageshow", releaseForms); // a page found again with « Précédent » can be sent again
  document.addEventListener("htmx:beforeRequest", beforeRequest);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterRequest", afterRequest);
  document.addEventListener("htmx:afterSettle", (event) => welcome(event.detail.elt));
  document.addEventListener("htmx:responseError", (event) => {
    showFailure(SENTENCES[event.detail.xhr.status] || OTHER_FAILURE);
  });
  document.addEventListener("htmx:sendError", () => showFailure(NO_ANSWER));
  document.addEventListener("htmx:timeout", () => showFailure(NO_ANSWER));
  welcome(document);
  addEventListener("load", focusFieldOfAddress); // once the comboboxes have taken their places
})();
