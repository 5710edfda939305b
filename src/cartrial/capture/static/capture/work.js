// Nothing changed since the part was read: it stays as it is.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
});
