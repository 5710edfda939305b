// Nothing changed since the board was read: it stays as it is. What was opened by hand stays open.
const opened = new Set();
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
  opened.clear();
  for (const one of document.querySelectorAll("#board details[open]")) opened.add(one.dataset.name);
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const one of document.querySelectorAll("#board details")) if (opened.has(one.dataset.name)) one.open = true;
});
