/* « À instruire » by the keyboard. Nothing here is needed to work: each key presses a button of the line.
 *
 * <table data-queue>, one <tbody> a lot; data-row its link, which carries the focus; data-key="c s" what a key presses.
 * The keys act only while the focus is on a line (WCAG 2.1.4), never in a field, never with Ctrl, Alt or Meta.
 * data-queue-all ticks every lot, data-queue-count says how many are ticked, data-queue-help is the help « ? » opens.
 */
(() => {
  "use strict";

  const OUTCOMES = { c: "clause", s: "no_clause" };

  function table() {
    return document.querySelector("[data-queue]");
  }

  function lines() {
    return [...table().querySelectorAll("[data-row]")];
  }

  function move(line, step) {
    const all = lines();
    const next = all[all.indexOf(line.querySelector("[data-row]")) + step];
    next?.focus();
    next?.closest("tbody").scrollIntoView({ block: "nearest" });
  }

  function key(line, name) {
    return line.querySelector(`[data-key~="${name}"]`);
  }

  /* The form of the line, its decision already chosen. */
  function decide(line, name) {
    const link = key(line, name);
    if (!link) return;
    const url = new URL(link.href);
    url.searchParams.set("outcome", OUTCOMES[name]);
    htmx.ajax("GET", url.pathname + url.search, { source: link, target: line, swap: "outerHTML" });
  }

  function toggleHelp() {
    const help = document.querySelector("[data-queue-help]");
    help.open = !help.open;
  }

  function count() {
    const region = document.querySelector("[data-queue-count]");
    if (!region) return;
    const ticked = table().querySelectorAll('[name="lot"]:checked').length;
    const plural = ticked > 1 ? "s" : "";
    region.textContent = ticked ? `${ticked} lot${plural} choisi${plural}` : "";
  }

  const ACTS = {
    j: (line) => move(line, 1),
    arrowdown: (line) => move(line, 1),
    k: (line) => move(line, -1),
    arrowup: (line) => move(line, -1),
    c: (line) => decide(line, "c"),
    s: (line) => decide(line, "s"),
    o: (line) => key(line, "o")?.click(),
    x: (line) => key(line, "x")?.click(),
    escape: (line) => key(line, "escape")?.click(),
    "?": toggleHelp,
  };

  function isTyping(element) {
    return element.matches('select, textarea, input:not([type="checkbox"])');
  }

  function onKeydown(event) {
    const line = event.target.closest?.("[data-queue] tbody");
    const act = ACTS[event.key.toLowerCase()];
    if (!line || !act || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target)) return;
    event.preventDefault();
    act(line);
  }

  function onChange(event) {
    if (event.target.matches("[data-queue-all]")) {
      table().querySelectorAll('[name="lot"]').forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches('[data-queue-all], [data-queue] [name="lot"]')) count();
  }

  const ticked = new Map();

  /* A line comes back from the portal without its tick. */
  function onBeforeSwap(event) {
    const line = event.detail.target;
    if (line.matches("[data-queue] tbody")) ticked.set(line.id, key(line, "x")?.checked);
  }

  /* A line that opens leads to what remains to be said in it. */
  function onSettle(event) {
    const line = event.detail.elt;
    if (!line.matches?.("[data-queue] tbody")) return;
    if (ticked.get(line.id) && key(line, "x")) key(line, "x").checked = true;
    count();
    const opened = line.querySelector(".decide-form");
    if (!opened || opened.querySelector(".error-summary")) return;
    const chosen = opened.querySelector('[name="outcome"]:checked');
    const next = { clause: '[name="legal_basis"]', no_clause: '[name="reason"]' }[chosen?.value] || '[name="outcome"]';
    opened.querySelector(next).focus();
  }

  document.addEventListener("keydown", onKeydown);
  document.addEventListener("change", onChange);
  document.addEventListener("htmx:beforeSwap", onBeforeSwap);
  document.addEventListener("htmx:afterSettle", onSettle);
})();
