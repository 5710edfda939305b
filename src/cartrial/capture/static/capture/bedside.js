// The bedside: steps, all points, the time that goes on until it is typed, and the clock of a report.
(() => {
  "use strict";
  const told = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.step) {
      const field = document.getElementById(button.dataset.of);
      const step = Number(button.dataset.step), places = (button.dataset.step.split(".")[1] || "").replace(/^0+$/, "").length;
      const now = Number.parseFloat(field.value.replace(",", "."));
      const next = Number.isNaN(now) ? Number(button.dataset.first) : now + step;
      field.value = Math.max(0, next).toFixed(places);
      told(field);
    } else if ("allPoints" in button.dataset) {
      for (const most of button.closest("section").querySelectorAll("input[data-most]")) {
        if (/^\d+$/.test(most.value)) { most.checked = true; told(most); }
      }
    } else if ("fill" in button.dataset) {  // a term that was offered
      const field = document.getElementById(button.dataset.of);
      field.value = button.dataset.fill;
      told(field);
      field.focus();
    } else if ("putBack" in button.dataset) {
      const form = document.getElementById("signs");
      if (form) setTimeout(() => told(form), 0);
    }
  });

  const live = document.querySelector("input[data-live]");
  if (live && !live.hasAttribute("aria-invalid") && !document.querySelector("[data-summary]")) {
    const form = new Intl.DateTimeFormat("sv-SE", { timeZone: live.dataset.live, dateStyle: "short", timeStyle: "short" });
    const tick = setInterval(() => { live.value = form.format(new Date()); }, 15000);
    const stop = () => clearInterval(tick);
    live.addEventListener("input", stop, { once: true });
    live.addEventListener("focus", stop, { once: true });
  }

  if (window.matchMedia("(min-width: 60.01rem)").matches) document.querySelector("details.rule")?.setAttribute("open", "");

  const clocks = document.querySelectorAll(".clock[data-due]");
  const words = (clock) => {
    const left = new Date(clock.dataset.due) - Date.now();
    const minutes = Math.floor(Math.abs(left) / 60000);
    const span = `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    const place = clock.querySelector("[data-words]");
    clock.classList.toggle("over", left < 0);
    const by = place.textContent.match(/by (\d{4}-\d\d-\d\d \d\d:\d\d)/)?.[1] || "";
    const said = left < 0 ? `Not reported: it was due by ${by}, ${span} ago` : `To be reported by ${by}: ${span} left`;
    if (place.textContent !== said) place.textContent = said;
  };
  const all = () => clocks.forEach(words);
  if (clocks.length) { all(); setInterval(all, 20000); }
})();
