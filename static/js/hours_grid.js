/* Hours grid: a plain form of text inputs, made comfortable (keyboard, paste, undo, saved as you type).
 * Without this file the form is sent by its button and the server does the same work.
 *
 * Page:    <table data-hours-grid data-save-url="…" data-max-hours="300">, one row per contract and nature; each input
 *          is name="cell-<contract>-<YYYY-MM>[-training]" data-version="<int, 0 when empty>" value="7,5", disabled when
 *          locked.
 * Request: POST {"cells": [{"contract": 12, "month": "2026-07", "nature": "", "value": "7,5", "version": 3}]}.
 * Answer:  200 {"cells": [{"cell": "cell-12-2026-07", "status": "…", "declared": "7,5", "counted": "7,5", "version": 4,
 *          "message": "…", "note": "…", "link": "…"}], "totals": {"rows": {"12": {"declared": "…", "counted": "…"}},
 *          "months": {"2026-07": {…}}, "place": {"declared": "…", "counted": "…"}}}
 * Status:  counted, partial, rejected, pending, empty: the server keeps `declared` under `version`.
 *          refused: nothing was kept. conflict: somebody else changed the cell, `declared` is theirs (M6).
 * Any other answer, or none: the cells stay « à enregistrer » and are sent again.
 */
(() => {
  "use strict";

  const table = document.querySelector("[data-hours-grid]");
  if (!table) return;

  const RETRY_EVERY = 15_000;
  const MAX_HOURS = Number(table.dataset.maxHours || 300);
  const NOTES = { refused: "refusé", conflict: "modifié ailleurs", invalid: "à corriger", unsaved: "à enregistrer" };
  const UNREADABLE = `Saisissez un nombre d’heures entre 0 et ${MAX_HOURS}, par exemple 7,5 ou 7h30.`;
  const OFFLINE = "Non enregistré : votre saisie est gardée ici, un nouvel essai aura lieu dans quelques secondes.";
  const REFUSED = "Enregistrement refusé par le portail : votre saisie est gardée ici. Prévenez l’administrateur.";
  const SIGNED_OUT = "Votre session a expiré : reconnectez-vous dans un autre onglet, votre saisie est gardée ici.";

  const form = table.closest("form");
  const statusLine = document.querySelector("[data-hours-status]");
  const issueList = document.querySelector("[data-hours-issues]");
  const cells = new Map([...table.querySelectorAll('input[name^="cell-"]')].map((input) => [input.name, newCell(input)]));
  const undoStack = [];
  const redoStack = [];
  let sending = false;

  /* --- Cells ------------------------------------------------------------------------------------ */

  /* text: what the person means to keep. stored: what the server keeps. unsaved: text still has to be sent. */
  function newCell(input) {
    const [, contract, month, nature] = /^cell-(\d+)-(\d{4}-\d{2})-?(\w*)$/.exec(input.name);
    const status = input.closest("td").dataset.status || "";
    const message = document.getElementById(`issue-${input.name}`)?.dataset.message || "";
    const note = input.closest("td").querySelector(".cell-note");
    return {
      input, month, nature, contract: Number(contract), version: Number(input.dataset.version || 0),
      text: input.value, stored: input.value, unsaved: false, status, storedStatus: status, message,
      note: (note.querySelector("a") || note).firstChild?.textContent || "", link: note.querySelector("a")?.href || "",
    };
  }

  function labelOf(cell) {
    const ids = cell.input.getAttribute("aria-labelledby").split(" ");
    return ids.map((id) => document.getElementById(id).textContent.trim().replace(/\s+/g, " ")).join(", ");
  }

  /* Hours of « 7,5 », « 7.5 », « 7h30 » or « » (empty); NaN when it is anything else. */
  function readHours(text) {
    const compact = text.replace(/\s/g, "").replace(",", ".").toLowerCase();
    if (compact === "") return "";
    const clock = /^(\d+)h([0-5]\d)?(?:min)?$/.exec(compact);
    if (clock) return inRange(Number(clock[1]) + Number(clock[2] || 0) / 60);
    return /^\d+(\.\d+)?h?$/.test(compact) ? inRange(parseFloat(compact)) : NaN;
  }

  function inRange(hours) {
    return hours <= MAX_HOURS ? Math.round(hours * 100) / 100 : NaN;
  }

  function writeHours(hours) {
    return hours === "" ? "" : String(hours).replace(".", ",");
  }

  /* --- What the person sees of a cell ----------------------------------------------------------- */

  function show(cell, status, message) {
    cell.status = status;
    const holder = cell.input.closest("td");
    holder.dataset.status = status;
    holder.toggleAttribute("data-unsaved", cell.unsaved);
    showNote(cell, holder.querySelector(".cell-note"), cell.unsaved ? NOTES.unsaved : NOTES[status]);
    if (["invalid", "refused", "conflict"].includes(status)) cell.input.setAttribute("aria-invalid", "true");
    else cell.input.removeAttribute("aria-invalid");
    showIssue(cell, message);
  }

  /* What stands under the cell: a word of ours, or that of the server, which leads to the page of the month. */
  function showNote(cell, holder, ours) {
    holder.textContent = ours || cell.note;
    if (ours || !cell.note || !cell.link) return;
    const link = document.createElement("a");
    link.href = cell.link;
    link.textContent = cell.note;
    holder.replaceChildren(link);
  }

  function showIssue(cell, message) {
    const id = `issue-${cell.input.name}`;
    document.getElementById(id)?.closest("li").remove();
    cell.input.removeAttribute("aria-describedby");
    if (message) {
      issueList.append(newIssue(cell, id, message));
      cell.input.setAttribute("aria-describedby", id);
    }
  }

  function newIssue(cell, id, message) {
    const item = document.createElement("li");
    const sentence = document.createElement("span");
    sentence.id = id;
    sentence.textContent = `${labelOf(cell)} : ${message}`;
    item.append(sentence);
    if (cell.status === "conflict") addChoices(cell, item, sentence);
    else addLinks(cell, item);
    return item;
  }

  function addChoices(cell, item, sentence) {
    sentence.append(` Valeur enregistrée : ${cell.stored || "vide"}. Votre saisie : ${cell.text || "vide"}.`);
    item.append(newButton("Reprendre ma saisie", () => keepMine(cell)));
    item.append(newButton("Garder la valeur enregistrée", () => keepTheirs(cell)));
  }

  function addLinks(cell, item) {
    item.append(newLink(`#${cell.input.id}`, "Aller à la cellule"));
    if (cell.status === "pending" && cell.link) item.append(newLink(cell.link, "Répartir par jours"));
  }

  function newLink(href, label) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = label;
    return link;
  }

  function newButton(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  function say(sentence) {
    statusLine.textContent = sentence;
  }

  /* --- Changes, undo and redo --------------------------------------------------------------------- */

  function commit(entries, { remember = true } = {}) {
    const changes = entries.map(({ cell, text }) => setText(cell, text)).filter(Boolean);
    if (changes.length === 0) return;
    if (remember) {
      undoStack.push(changes);
      redoStack.length = 0;
    }
    send();
  }

  /* Take what was typed. Returns {cell, before, after}, or null when there is nothing new to keep. */
  function setText(cell, typed) {
    const hours = readHours(typed);
    if (Number.isNaN(hours)) {
      cell.input.value = typed;
      show(cell, "invalid", UNREADABLE);
      return null;
    }
    const change = { cell, before: cell.text, after: writeHours(hours) };
    cell.input.value = change.after;
    if (change.after === cell.text) {
      if (cell.status === "invalid") showStored(cell);
      return null;
    }
    cell.text = change.after;
    if (cell.status === "conflict") show(cell, "conflict", cell.message);
    else markUnsaved(cell);
    return change;
  }

  function markUnsaved(cell) {
    cell.unsaved = true;
    show(cell, "", "");
  }

  function showStored(cell) {
    if (cell.unsaved) show(cell, "", "");
    else show(cell, cell.storedStatus, cell.message);
  }

  function restore(cell) {
    if (cell.status === "conflict") return;
    if (!cell.unsaved) cell.text = cell.stored;
    cell.input.value = cell.text;
    if (["invalid", "refused"].includes(cell.status)) showStored(cell);
  }

  function replay(from, to, side) {
    const changes = from.pop();
    if (!changes) return say(side === "before" ? "Rien à annuler." : "Rien à rétablir.");
    to.push(changes);
    commit(changes.map((change) => ({ cell: change.cell, text: change[side] })), { remember: false });
    changes[0].cell.input.focus();
  }

  const undo = () => replay(undoStack, redoStack, "before");
  const redo = () => replay(redoStack, undoStack, "after");

  /* --- Saving ------------------------------------------------------------------------------------- */

  async function send() {
    const sent = new Map([...cells.values()].filter((cell) => cell.unsaved).map((cell) => [cell, cell.text]));
    if (sending || sent.size === 0) return;
    sending = true;
    say("Enregistrement…");
    try {
      receive(await post(sent), sent);
    } catch (error) {
      say(error.sentence || OFFLINE);
    } finally {
      sending = false;
    }
    const typedMeanwhile = [...cells.values()].some((cell) => cell.unsaved && sent.get(cell) !== cell.text);
    if (typedMeanwhile) send();
  }

  async function post(sent) {
    const body = [...sent].map(([cell, value]) => (
      { contract: cell.contract, month: cell.month, nature: cell.nature, value, version: cell.version }
    ));
    const response = await fetch(table.dataset.saveUrl, {
      method: "POST",
      redirect: "manual", // the way to the sign-in page
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ cells: body }),
    });
    if (!response.ok) throw await failure(response);
    return response.json();
  }

  async function failure(response) {
    const error = new Error(`HTTP ${response.status}`);
    const problem = await response.json().catch(() => ({}));
    if (response.type === "opaqueredirect" || response.status === 401) error.sentence = SIGNED_OUT;
    else if (problem.detail) error.sentence = `${problem.detail} Votre saisie est gardée ici.`;
    else if (response.status < 500 && response.status !== 429) error.sentence = REFUSED;
    return error;
  }

  /* The cookie first: it is renewed when the person signs in again in another tab. */
  function csrfToken() {
    const cookie = /(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function receive(answer, sent) {
    const news = answer.cells.map((result) => receiveCell(result, sent)).filter(Boolean);
    showTotals(answer.totals);
    const time = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    if (news.length === 0) say(`Enregistré à ${time}.`);
    else if (news.length === 1) say(news[0]);
    else say(`${news.length} cellules sont à revoir (${time}).`);
  }

  /* Returns the sentence to say about the cell, if any. */
  function receiveCell(result, sent) {
    const cell = cells.get(result.cell);
    const typedMeanwhile = cell.text !== sent.get(cell);
    if (result.status !== "refused") {
      cell.version = result.version;
      cell.stored = result.declared || "";
      cell.storedStatus = result.status === "conflict" ? "" : result.status;
      cell.message = result.message;
      cell.note = result.note;
      cell.link = result.link;
    }
    if (typedMeanwhile && result.status !== "conflict") return "";
    cell.unsaved = false;
    if (!["refused", "conflict"].includes(result.status)) takeStored(cell, sent.get(cell));
    show(cell, result.status, result.message);
    return result.message && `${labelOf(cell)} : ${result.message}`;
  }

  function takeStored(cell, sentText) {
    if (cell.input.value === sentText) cell.input.value = cell.stored; // unless it is being edited again
    cell.text = cell.stored;
  }

  function keepMine(cell) {
    markUnsaved(cell);
    cell.input.focus();
    send();
  }

  function keepTheirs(cell) {
    cell.text = cell.stored;
    cell.input.value = cell.stored;
    show(cell, cell.storedStatus, "");
    cell.input.focus();
    say("La valeur enregistrée est gardée.");
  }

  function showTotals(totals) {
    for (const [group, lines] of [["row", totals.rows], ["month", totals.months]]) {
      for (const [key, line] of Object.entries(lines)) {
        for (const [kind, hours] of Object.entries(line)) fill(`[data-${group}-${kind}="${key}"]`, hours);
      }
    }
    for (const [kind, hours] of Object.entries(totals.place)) fill(`[data-place-${kind}]`, hours);
  }

  function fill(selector, text) {
    const element = document.querySelector(selector);
    if (element) element.textContent = text;
  }

  /* --- Keyboard and paste --------------------------------------------------------------------------- */

  function cellOf(element) {
    return element instanceof HTMLInputElement ? cells.get(element.name) : undefined;
  }

  function visibleInputs() {
    const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
    return rows.map((row) => [...row.querySelectorAll('input[name^="cell-"]')]);
  }

  function positionOf(input, grid) {
    const row = grid.findIndex((inputs) => inputs.includes(input));
    return [row, grid[row].indexOf(input)];
  }

  /* Move to the next cell that can be written, `rows` down and `columns` right at a time. */
  function move(input, rows, columns) {
    const grid = visibleInputs();
    let [row, column] = positionOf(input, grid);
    do {
      row += rows;
      column += columns;
    } while (grid[row]?.[column]?.disabled);
    grid[row]?.[column]?.focus();
  }

  function onArrow(event, cell) {
    const { input } = cell;
    const atStart = input.selectionStart === 0;
    const atEnd = input.selectionEnd === input.value.length;
    const step = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: atStart && [0, -1], ArrowRight: atEnd && [0, 1],
    }[event.key];
    if (!step) return;
    event.preventDefault();
    move(input, ...step);
  }

  function onUndoKey(event, cell) {
    if (cell.input.value !== cell.text) return; // still typing: the browser undoes letters
    event.preventDefault();
    if (event.key.toLowerCase() === "y" || event.shiftKey) redo();
    else undo();
  }

  function onKeydown(event) {
    const cell = cellOf(event.target);
    if (!cell) return;
    if (event.key === "Enter") {
      event.preventDefault();
      commit([{ cell, text: cell.input.value }]);
      move(cell.input, event.shiftKey ? -1 : 1, 0);
    } else if (event.key === "Escape") restore(cell);
    else if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key)) onUndoKey(event, cell);
    else if (event.key.startsWith("Arrow") && !event.shiftKey) onArrow(event, cell);
  }

  /* A block copied from a spreadsheet: lines, and columns separated by tabs. */
  function onPaste(event) {
    const cell = cellOf(event.target);
    const block = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (!cell || !/[\t\n]/.test(block)) return;
    event.preventDefault();
    const grid = visibleInputs();
    const [firstRow, firstColumn] = positionOf(cell.input, grid);
    const pasted = block.split("\n").flatMap((line, row) => line.split("\t").map((text, column) => (
      { input: grid[firstRow + row]?.[firstColumn + column], text }
    )));
    const written = pasted.filter(({ input }) => input && !input.disabled);
    commit(written.map(({ input, text }) => ({ cell: cellOf(input), text })));
    if (written.length < pasted.length) {
      say(`${pasted.length - written.length} valeurs collées hors de la grille ou sur un mois verrouillé sont ignorées.`);
    }
  }

  function onLeave(event) {
    const waits = (cell) => cell.unsaved || ["invalid", "conflict"].includes(cell.status);
    if ([...cells.values()].some(waits)) event.preventDefault();
  }

  table.addEventListener("focusin", (event) => cellOf(event.target)?.input.select());
  table.addEventListener("change", ({ target }) => commit([{ cell: cellOf(target), text: target.value }]));
  table.addEventListener("keydown", onKeydown);
  table.addEventListener("paste", onPaste);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  document.querySelector("[data-hours-undo]").addEventListener("click", undo);
  document.querySelector("[data-hours-redo]").addEventListener("click", redo);
  addEventListener("beforeunload", onLeave);
  setInterval(send, RETRY_EVERY);
})();
