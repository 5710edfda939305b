// The session ended while a part of a page was asked for: the whole page goes to the login.
document.body.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("fault");
  if (place) place.textContent = event.detail.xhr.responseText.replace(/<[^>]*>/g, " ").slice(0, 300);
});
// What is being sent is not sent twice: the second click of a double click does nothing. After some
// seconds it may be sent anew: the answer was a file, and the page is still there.
const WAIT = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, WAIT);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
