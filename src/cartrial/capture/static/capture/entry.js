// Entry: typing helps, the keyboard, and what was typed but not saved. Nothing here decides anything:
// without it every page still works.
(() => {
  "use strict";
  const two = (n) => String(n).padStart(2, "0");
  const form = document.querySelector("form[data-draft]");

  // ---- what was typed is kept in this tab, for this account, until it is saved or discarded
  const PRE = "cartrial:";
  const keep = window.sessionStorage;
  const account = form && form.dataset.account;
  const place = form && `${PRE}${account}:${form.dataset.draft}`;
  const kept = document.querySelector("[data-kept]");

  const values = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken") found[name] = value;
    }
    return found;
  };
  // what the page itself adds is kept too: the base, so that a change by others meanwhile is seen,
  // and what was asked; but it is not typed
  const typedIn = (all) => JSON.stringify(Object.entries(all).filter(([name]) => name !== "_fired" && !name.endsWith("_base")));
  const forget = (key) => { try { keep.removeItem(key); } catch { /* no storage */ } };
  const read = (key) => { try { return JSON.parse(keep.getItem(key) || "null"); } catch { return null; } };

  const begin = () => {
    for (const key of Object.keys(keep)) {  // another person in this browser sees nothing of it
      if (account && key.startsWith(PRE) && key !== `${PRE}sent` && !key.startsWith(`${PRE}${account}:`)) forget(key);
    }
    if (document.querySelector("[data-saved]") && keep.getItem(`${PRE}sent`)) forget(keep.getItem(`${PRE}sent`));
    forget(`${PRE}sent`);
    if (!form) return;
    const first = typedIn(values());
    const again = "again" in form.dataset; // the page gave back what was typed: it is kept as it is
    if (again) keep.setItem(place, JSON.stringify(values()));
    const before = again ? null : read(place);
    if (before && typedIn(before) !== first && kept) kept.hidden = false;
    form.addEventListener("input", () => {
      try {
        const now = values();
        if (typedIn(now) === first && !before && !again) forget(place); else keep.setItem(place, JSON.stringify(now));
      } catch { /* storage full or switched off: typing goes on */ }
    });
    form.addEventListener("submit", () => { try { keep.setItem(`${PRE}sent`, place); } catch { /* as above */ } });
    document.querySelector("[data-put-back]")?.addEventListener("click", () => {
      const typed = read(place) || {};
      for (const [name, value] of Object.entries(typed)) {
        for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (field.type === "radio") field.checked = field.value === value;
          else field.value = value;
        }
      }
      kept.hidden = true;
      form.querySelector("input:not([type=hidden])")?.focus();
    });
    document.querySelector("[data-discard]")?.addEventListener("click", () => { forget(place); kept.hidden = true; });
    document.querySelector("[data-leave]")?.addEventListener("click", () => forget(place));
  };
  try { begin(); } catch { /* storage is switched off */ }

  // ---- the keyboard: Enter goes on to the next field, Ctrl+S saves
  const fields = () => [...form.querySelectorAll("input:not([type=hidden]), select, textarea, [data-save]")].filter((f) => f.offsetParent);
  document.addEventListener("keydown", (event) => {
    if (form && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    } else if (form && event.key === "Enter" && event.target.form === form && event.target.matches("input:not([type=submit]), select")) {
      event.preventDefault();
      const all = fields();
      all[all.indexOf(event.target) + 1]?.focus();
    }
  });
  (document.querySelector("form [aria-invalid=true]") || document.querySelector("[data-summary]"))?.focus();

  // ---- dates as they are typed: 20240503 is 2024-05-03, 830 is 08:30
  const dated = (text) => text
    .replace(/^(\d{4})(\d{2})(\d{2})(?=\s|$)/, "$1-$2-$3").replace(/^(\d{4})(\d{2})$/, "$1-$2")
    .replace(/^(\d{4})[./](\d{1,2})[./](\d{1,2})/, (_, y, m, d) => `${y}-${two(m)}-${two(d)}`)
    .replace(/^(\d{4}-\d{2}-\d{2})[ T]+(\d{1,2}):?(\d{2})$/, (_, day, h, m) => `${day} ${two(h)}:${m}`);
  document.addEventListener("change", (event) => {
    const kind = event.target.dataset?.kind;
    if (["date", "moment", "partial"].includes(kind)) event.target.value = dated(event.target.value.trim());
    else if (kind === "time") event.target.value = event.target.value.trim().replace(/^(\d{1,2})[:.]?(\d{2})$/, (_, h, m) => `${two(h)}:${m}`);
  });
  const typed = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.now) {  // the time at the centre, wherever this browser is
      const here = new Intl.DateTimeFormat("sv-SE", { timeZone: button.dataset.zone, dateStyle: "short", timeStyle: "short" });
      typed(document.getElementById(button.dataset.now), here.format(new Date()));
    } else if (button.dataset.calendar) {
      const field = document.getElementById(button.dataset.calendar);
      const moment = field.dataset.kind === "moment";
      const picker = document.createElement("input");
      picker.type = moment ? "datetime-local" : "date";
      picker.className = "hidden";
      picker.tabIndex = -1;
      picker.setAttribute("aria-hidden", "true");
      picker.value = moment ? field.value.replace(" ", "T").slice(0, 16) : field.value.slice(0, 10);
      button.after(picker);
      picker.addEventListener("change", () => typed(field, picker.value.replace("T", " ")));
      picker.addEventListener("blur", () => picker.remove());
      try { picker.showPicker(); } catch { picker.focus(); }
    } else if ("close" in button.dataset) {
      const past = button.closest(".past-here");
      past.replaceChildren();
      past.previousElementSibling?.focus();
    }
  });
})();
