// One tab stop a panel: arrow keys go from mark to mark, and what a mark says stands beneath.
for (const panel of document.querySelectorAll(".panel")) {
  const plot = panel.querySelector(".plot"), told = panel.querySelector(".told");
  if (!plot) continue;
  const inLanes = plot.querySelector(".name") !== null; // lane by lane, else by time alone
  const place = (mark) => { const box = mark.getBoundingClientRect(); return [inLanes ? box.top : 0, box.left]; };
  const marks = [...plot.querySelectorAll("a")].map((mark) => [...place(mark), mark]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((one) => one[2]);
  const stop = (at) => marks.forEach((mark, n) => mark.setAttribute("tabindex", n === at ? "0" : "-1"));
  const tell = (event) => {
    const mark = event.target.closest("a");
    if (mark) told.textContent = mark.getAttribute("aria-label") || mark.textContent.trim();
  };
  stop(0);
  plot.addEventListener("focusin", tell);
  plot.addEventListener("mouseover", tell);
  plot.addEventListener("keydown", (event) => {
    const here = marks.indexOf(event.target.closest("a"));
    const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (here < 0 || to === undefined || !marks[to]) return;
    event.preventDefault();
    stop(to);
    marks[to].focus();
  });
}
