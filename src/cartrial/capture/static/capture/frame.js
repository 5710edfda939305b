// The session ended while a part of a page was asked for: the whole page goes to the login.
document.body.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("fault");
  if (place) place.textContent = event.detail.xhr.responseText.replace(/<[^>]*>/g, " ").slice(0, 300);
});
