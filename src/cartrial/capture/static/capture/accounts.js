// Passkeys: the browser's part of WebAuthn. Bytes travel as base64url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

async function post(place, body) {
  const answer = await fetch(place, { method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "error" });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.said);
  return said;
}

function say(fault) {
  const place = document.getElementById("passkey-said");
  place.textContent = fault.name === "NotAllowedError" ? "No passkey was used." : fault.message + ".";
  place.hidden = false;
}

const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function use(place) {
  const { publicKey } = await post(place + "/ask", new FormData());
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.allowCredentials = known(publicKey.allowCredentials);
  const made = await navigator.credentials.get({ publicKey });
  const response = { clientDataJSON: text(made.response.clientDataJSON), authenticatorData: text(made.response.authenticatorData), signature: text(made.response.signature) };
  await send(place, made, response);
}

async function make(place, form) {
  const { publicKey } = await post(place + "/ask", new FormData(form));
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.user.id = bytes(publicKey.user.id);
  publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey });
  const response = { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) };
  await send(place, made, response);
}

async function send(place, made, response) {
  const said = { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
  location.assign((await post(place + "/answer", JSON.stringify(said))).to);
}

for (const button of document.querySelectorAll("[data-passkey]"))
  button.addEventListener("click", () => use(button.dataset.passkey).catch(say));
for (const form of document.querySelectorAll("[data-make-passkey]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    make(form.dataset.makePasskey, form).catch(say);
  });
