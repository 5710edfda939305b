"use strict";
// Figures, the subject that is picked, and where the reader is. Without scripts every table and every
// list of subjects still opens.
(() => {
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const drawn = 780; // the width for which the figures are laid out, in pixels
  const options = {
    mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false,
    tooltip: { disableDefaultStyle: true, theme: "report" },
  };
  const views = [];
  let picked = "";

  const alone = 660; // the width of a panel that stands alone
  const below = { top: { direction: "vertical" }, bottom: { direction: "vertical" } }; // of legends

  // The figure for a room that is `more` pixels wider than drawn; in a narrow one panels stack.
  const fitted = (value, more, narrow, panels = 1) => {
    if (Array.isArray(value)) return value.map((part) => fitted(part, more, narrow, panels));
    if (value === null || typeof value !== "object") return value;
    if (value.columns > 1) {
      panels = value.columns;
      if (narrow) return fitted({ ...value, columns: 1 }, more, narrow, panels);
    }
    const copy = {};
    for (const [name, part] of Object.entries(value)) {
      if (name === "datasets" || name === "data") copy[name] = part;
      else if (name === "width" && typeof part === "number")
        copy[name] = Math.max(120, panels === 1 ? part + more : narrow ? alone + more : part + more / panels);
      else if (name === "legend" && part && narrow)
        copy[name] = { ...part, columns: part.orient === "bottom" ? 1 : 2 };
      else if (name === "config" && narrow)
        copy[name] = { ...part, legend: { ...part.legend, columns: 2, titleOrient: "top", layout: below } };
      else copy[name] = fitted(part, more, narrow, panels);
    }
    return copy;
  };

  const show = async (box, spec) => {
    const room = box.clientWidth, narrow = room < 560;
    const embed = async (more) => (await vegaEmbed(box, fitted(spec, more, narrow), options)).view;
    const more = Math.min(120, room - drawn);
    let view = await embed(more);
    const over = box.querySelector("svg").getBoundingClientRect().width - room;
    if (over > 0 || (narrow && over < 0)) {
      view.finalize();
      view = await embed(more - over);
    }
    views.push(view);
    if (picked) point(view);
    return view;
  };

  const point = (view) => {
    try { view.signal("picked", picked).runAsync(); } catch { /* a figure without subjects */ }
  };

  const boxes = [...document.querySelectorAll(".chart[data-figure]")];
  const draw = async () => {
    for (const view of views.splice(0)) view.finalize();
    for (const box of boxes) {
      const view = await show(box, specs[box.dataset.figure]);
      const save = box.parentElement.querySelector(".save");
      save.hidden = false;
      save.onclick = async () => {
        const link = document.createElement("a");
        link.download = box.dataset.figure + ".svg";
        link.href = URL.createObjectURL(new Blob([await view.toSVG()], { type: "image/svg+xml" }));
        link.click();
        URL.revokeObjectURL(link.href);
      };
    }
    document.documentElement.dataset.figures = String(views.length);
  };
  const ready = draw();

  let width = document.documentElement.clientWidth, later = 0;
  addEventListener("resize", () => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    clearTimeout(later);
    later = setTimeout(draw, 200);
  });

  const bar = document.getElementById("picked");
  const pick = (key, entry) => {
    picked = key;
    for (const row of document.querySelectorAll("tr[data-subjects]"))
      row.classList.toggle("picked", key !== "" && row.dataset.subjects.split(" ").includes(key));
    for (const view of views) point(view);
    bar.hidden = key === "";
    if (key === "") return;
    const places = entry ? [...entry.querySelectorAll("td a")].map((link) => link.cloneNode(true)) : [];
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = "Clear";
    clear.onclick = () => pick("");
    bar.replaceChildren(`Subject ${key} is highlighted`, ...places, clear);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.subject");
    if (!link) return;
    event.preventDefault();
    link.closest("[popover]")?.hidePopover();
    pick(link.dataset.subject, document.getElementById(link.hash.slice(1)));
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") pick(""); });

  const contents = document.getElementById("contents");
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
  });
  const links = new Map([...contents.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
  const here = new IntersectionObserver((seen) => {
    for (const entry of seen) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const section of document.querySelectorAll("section[id]")) here.observe(section);

  return ready;
})();
