/* Turns the fields that carry data-search into comboboxes (ARIA 1.2): suggestions come from the portal as one types.
 *
 * data-search="/recherche/…"   gives {"options": [{"value", "label"}]} for ?q=
 * data-known='{"code": "label"}' names of the codes already there
 * data-several                 a text of codes separated by commas; a <select multiple> is several by nature
 * data-placeholder="…"         what one may type
 *
 * What is chosen among several is shown as removable chips, each a hidden field of the same name.
 */
(() => {
  "use strict";

  const DELAY = 200;
  const SHORTEST = 2;

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  }

  function announce(sentence) {
    const region = document.getElementById("page-announce");
    if (region) region.textContent = sentence;
  }

  /* The list under the field: it opens, moves and gives what is chosen to `choose(option)`. */
  function attachList(input, url, choose) {
    const list = element("ul", { class: "combobox-list", role: "listbox", id: `${input.id}_liste`, hidden: "" });
    list.setAttribute("aria-label", "Suggestions");
    const frame = element("div", { class: "combobox" });
    input.before(frame);
    frame.append(input, list);
    const texts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    Object.entries({ ...texts, autocomplete: "off" }).forEach(([name, value]) => input.setAttribute(name, value));

    let options = [];
    let active = -1;
    let timer = 0;
    let asked = new AbortController();

    function show(found) {
      options = found;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(...(found.length ? found.map(line) : [emptyLine()]));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      announce(found.length > 1 ? `${found.length} suggestions.` : found.length ? "1 suggestion." : "Aucun résultat.");
    }

    function line(option, index) {
      const item = element("li", { role: "option", id: `${list.id}_${index}`, "aria-selected": "false" }, option.label);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(index));
      return item;
    }

    function emptyLine() {
      return element("li", { role: "option", "aria-disabled": "true", class: "soft" }, "Aucun résultat");
    }

    function close() {
      clearTimeout(timer);
      asked.abort();
      options = [];
      active = -1;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function take(index) {
      const option = options[index];
      close();
      choose(option);
    }

    function move(step) {
      if (!options.length) return;
      active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
      list.children[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", list.children[active].id);
    }

    async function ask() {
      asked.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${url}?q=${encodeURIComponent(question(input.value))}`, { signal: asked.signal });
        show((await answer.json()).options);
      } catch {
        close(); // left the field, signed out, portal away: codes can still be typed
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (question(input.value).length < SHORTEST) close();
      else timer = setTimeout(ask, DELAY);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (steps[event.key]) move(steps[event.key]);
      else if (event.key === "Enter" && options.length) take(Math.max(active, 0));
      else if (event.key === "Escape" || event.key === "Enter") close();
      else return;
      event.preventDefault();
    });
  }

  /* Among several codes typed, the one being typed. */
  function question(text) {
    return text.split(/[,;]/).pop().trim();
  }

  function tell(field) {
    field.dispatchEvent(new Event("input", { bubbles: true })); // the draft of the form listens
  }

  function enhanceOne(input) {
    const known = JSON.parse(input.dataset.known);
    input.value = known[input.value] || input.value;
    input.placeholder = input.dataset.placeholder;
    attachList(input, input.dataset.search, (option) => {
      input.value = option.label;
      tell(input.form);
    });
  }

  function enhanceSeveral(field) {
    const name = field.name;
    const chosen = chosenIn(field);
    const input = field.matches("select") ? inputLike(field) : field;
    input.value = "";
    input.placeholder = field.dataset.placeholder;
    const chips = element("ul", { class: "chips" });
    chips.setAttribute("aria-label", "Choix");
    attachList(input, field.dataset.search, (option) => {
      input.value = "";
      add(option);
      announce(`${option.label} ajouté.`);
      tell(input.form);
    });
    input.parentElement.after(chips);
    chosen.forEach(add);

    function add({ value, label }) {
      if ([...chips.querySelectorAll("input")].some((kept) => kept.value === value)) return;
      const remove = element("button", { type: "button", "aria-label": `Retirer ${label}` }, "×");
      const chip = element("li", {}, element("input", { type: "hidden", name, value }), label, remove);
      remove.addEventListener("click", () => {
        chip.remove();
        input.focus();
        announce(`${label} retiré.`);
        tell(input.form);
      });
      chips.append(chip);
    }
  }

  function chosenIn(field) {
    if (field.matches("select")) return [...field.selectedOptions].map(({ value, text }) => ({ value, label: text }));
    const known = JSON.parse(field.dataset.known);
    const codes = field.value.split(/[,;\s]+/).filter(Boolean);
    return codes.map((value) => ({ value, label: known[value.toUpperCase()] || value }));
  }

  /* A text field in the place of a list, with its label, its help and its errors. */
  function inputLike(select) {
    const input = element("input", { type: "text", id: select.id, class: "form-control" });
    input.classList.toggle("is-invalid", select.classList.contains("is-invalid"));
    ["aria-describedby", "aria-invalid"].forEach((name) => {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    });
    select.replaceWith(input);
    return input;
  }

  document.querySelectorAll("[data-search]").forEach((field) => {
    const several = field.matches("select[multiple]") || "several" in field.dataset;
    (several ? enhanceSeveral : enhanceOne)(field);
  });
})();
