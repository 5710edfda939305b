// Warns two minutes before the session ends, and leaves the page when it has ended.
// Asking does not prolong the session, nor does a part of a page that refreshes by itself.
const WARN = 120; // seconds
const dialog = document.getElementById("alive");
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
let timer;

async function ask(method) {
  try {
    const headers = method === "POST" ? { "X-CSRFToken": csrf() } : { "X-Unattended": "yes" };
    const answer = await fetch("/alive", { method, headers, redirect: "manual" });
    show(answer.ok ? (await answer.json()).left : 0);
  } catch {
    wait(30); // the server was not reached: ask again
  }
}

function show(left) {
  if (left <= 0) return location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  if (left > WARN) {
    if (dialog.open) dialog.close();
    return wait(left - WARN);
  }
  document.getElementById("alive-left").textContent = left > 60 ? "two minutes" : left > 20 ? "one minute" : "a few seconds";
  if (!dialog.open) dialog.showModal();
  wait(Math.min(left + 1, 10));
}

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(() => ask("GET"), seconds * 1000);
}

document.getElementById("alive-stay").addEventListener("click", () => ask("POST"));
document.addEventListener("visibilitychange", () => document.hidden || ask("GET"));
addEventListener("pageshow", (event) => event.persisted && ask("GET"));
document.body.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent || event.detail.triggeringEvent.type === "hx:poll:trigger") event.detail.headers["X-Unattended"] = "yes";
});
ask("GET");
