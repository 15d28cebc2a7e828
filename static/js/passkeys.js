/* Passkeys: what the browser and the device say to each other. Loaded by the pages that use one.
 *
 * <form data-passkey="create">   makes one;  <form data-passkey="use"> shows one: what the device needs is in the
 *                                JSON script named by data-options
 * <form data-passkey="sign-in">  shows one to sign in: what the device needs is asked to the address of the form
 * The answer of the device is put in the field « credential », and the form is sent.
 */
(() => {
  "use strict";

  const CANCELLED = "Rien n’a été fait : l’appareil a refusé, ou la demande a été annulée. Recommencez, ou choisissez un autre moyen.";
  const UNSUPPORTED = "Ce navigateur ne sait pas se servir d’une clé d’identification. Choisissez un autre moyen.";
  const FAILED = "Le portail ne répond pas. Vérifiez votre connexion, puis recommencez.";

  function bytes(text) {
    const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    const letters = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function decoded({ publicKey }) {
    const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
    const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
    if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    if (publicKey.excludeCredentials) options.excludeCredentials = known(publicKey.excludeCredentials);
    if (publicKey.allowCredentials) options.allowCredentials = known(publicKey.allowCredentials);
    return { publicKey: options };
  }

  function encoded(credential) {
    const { response } = credential;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const answer = Object.fromEntries(parts.filter((name) => response[name]).map((name) => [name, text(response[name])]));
    if (response.getTransports) answer.transports = response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: answer,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function optionsOf(form) {
    if (form.dataset.passkey !== "sign-in") return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).request_options;
  }

  function say(sentence) {
    const notice = document.createElement("p");
    notice.className = "notice is-danger";
    notice.textContent = sentence;
    document.getElementById("page-error").replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  async function askDevice(form) {
    let options;
    try {
      options = decoded(await optionsOf(form));
    } catch {
      say(FAILED);
      return;
    }
    try {
      const ask = form.dataset.passkey === "create" ? "create" : "get";
      form.elements.credential.value = encoded(await navigator.credentials[ask](options));
    } catch {
      say(CANCELLED);
      return;
    }
    form.submit();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form) return;
    event.preventDefault();
    if (window.PublicKeyCredential) askDevice(form);
    else say(UNSUPPORTED);
  });
})();
