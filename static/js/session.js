/* Says five minutes before it ends that a session does so for want of a request, and puts it off at a click (WCAG 2.2.1).
 * <body data-session="address of any page of a signed-in person" data-session-seconds="3600">
 */
(() => {
  "use strict";

  const NOTICE = 5 * 60;
  const { session, sessionSeconds } = document.body.dataset;
  let timer;

  function restart() {
    clearTimeout(timer);
    document.getElementById("session-ends")?.remove();
    timer = setTimeout(warn, (sessionSeconds - NOTICE) * 1000);
  }

  function warn() {
    const notice = document.createElement("div");
    notice.id = "session-ends";
    notice.className = "notice is-warning";
    notice.setAttribute("role", "alert");
    const sentence = document.createElement("p");
    sentence.textContent = "Sans action de votre part, votre session prend fin dans cinq minutes.";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary btn-sm";
    button.textContent = "Rester connecté";
    button.addEventListener("click", stay);
    notice.append(sentence, button);
    document.getElementById("contenu").prepend(notice);
  }

  async function stay() {
    const answer = await fetch(session, { method: "HEAD" }).catch(() => null);
    if (answer?.ok && !answer.redirected) restart();
    else document.querySelector("#session-ends p").textContent = "Votre session a pris fin : reconnectez-vous dans un autre onglet.";
  }

  document.addEventListener("htmx:afterRequest", restart);
  restart();
})();
