// Says whether the browser or the server is away, and tries again what failed. Both page.js and desk.js use it.
"use strict";

window.connection = (() => {
  const FIRST = 1000; // milliseconds before the first of several attempts; each further pause is twice as long
  const LONGEST = 30000;
  const SENTENCES = {
    offline: "You're offline. This page updates when you're back online.",
    server: "Can't reach the server. Trying again…",
  };
  let failures = 0;
  let timer = 0;
  let again = null;
  let shown = null;

  const away = () => (navigator.onLine ? "server" : "offline");

  function say() {
    if (!shown) {
      shown = document.createElement("p");
      shown.id = "connection";
      shown.className = "connection";
      shown.setAttribute("role", "status");
      document.querySelector("main").prepend(shown);
    }
    shown.textContent = SENTENCES[away()];
  }

  // Try again after a pause. A single failure is not worth a sentence, unless the browser knows that it is offline.
  function failed(retry) {
    again = retry;
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(retry, Math.min(LONGEST, FIRST * 2 ** (failures - 1)) * (0.75 + Math.random() / 2));
    if (failures > 1 || !navigator.onLine) say();
  }

  function worked() {
    failures = 0;
    again = null;
    clearTimeout(timer);
    shown?.remove();
    shown = null;
  }

  // Return why a press was not answered. It may still have arrived; pressing again counts once.
  function unsent(saved) {
    return navigator.onLine
      ? `Can't reach the server right now. ${saved} Try again in a moment.`
      : `You're offline. ${saved} Try again when you're back online.`;
  }

  window.addEventListener("online", () => { if (again) again(); });
  return { failed, worked, unsent };
})();
