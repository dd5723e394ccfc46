// Updates the desk live, saves drafts and adds shortcuts. Without this script, the browser posts the same forms itself.
"use strict";

(() => {
  const WAIT = 20000; // milliseconds until a request counts as lost
  const LOOK = 3000; // milliseconds between two requests for the queue
  const LOOK_HIDDEN = 30000; // the same while the tab is in the background, where its title says how many wait
  const ASKING = { "X-Requested-With": "fetch" };
  const region = document.getElementById("region");
  const queue = document.getElementById("queue");
  const path = document.getElementById("path");
  const heard = document.getElementById("heard");
  const help = document.getElementById("help");
  const single = document.getElementById("single");

  // Announce a text to screen readers. The region is emptied first, so that the same text is announced again.
  function announce(text) {
    heard.textContent = "";
    setTimeout(() => { heard.textContent = text; }, 50);
  }

  function ask(address, more = {}) {
    return fetch(address, { signal: AbortSignal.timeout(WAIT), ...more, headers: { ...ASKING, ...more.headers } });
  }

  // Show times in the reader's time zone.
  function localise(root) {
    for (const one of root.querySelectorAll("time[datetime]")) {
      const at = new Date(one.dateTime);
      const full = at.toLocaleString([], { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
      if (one.title) { one.title = full; continue; }
      if ("day" in one.dataset) { one.textContent = at.toLocaleDateString([], { dateStyle: "medium" }); continue; }
      const today = at.toDateString() === new Date().toDateString();
      one.textContent = today ? at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }) : full;
      one.title = full;
    }
  }

  // ------------------------------------------------------------ every page

  document.querySelectorAll("[data-help]").forEach((one) => { one.hidden = false; });
  localise(document);
  equip(document);

  function equip(root) {
    root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  }

  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-help]")) help.showModal();
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
    const label = button.textContent;
    button.textContent = "Copied";
    announce("Copied");
    setTimeout(() => { button.textContent = label; }, 2500);
  });

  // Insert a saved reply at the cursor, for the agent to finish.
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-ready]");
    const field = chosen && document.getElementById("reply");
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    chosen.closest("details").open = false;
    const end = field.selectionEnd;
    const gap = field.value.slice(0, end).trim() ? "\n\n" : "";
    field.setRangeText(gap + chosen.dataset.ready, gap ? end : 0, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    reveal(field);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    } else if (region && form.matches("[data-live]")) {
      event.preventDefault();
      send(form);
    }
  });

  // ------------------------------------------------------------ shortcuts

  const SINGLE = "desk/single";
  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select");

  if (single) {
    single.checked = localStorage.getItem(SINGLE) !== "off";
    single.addEventListener("change", () => localStorage.setItem(SINGLE, single.checked ? "on" : "off"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && !help?.open) {
      if (single && !single.checked) return;
      if (pressed(event.key)) event.preventDefault();
    }
  });

  function pressed(key) {
    if (key === "?" && help) { help.showModal(); return true; }
    if (queue) return inQueue(key);
    if (path) return onPath(key);
    return region ? inConversation(key) : false;
  }

  const ALONG = { ArrowLeft: "prev", k: "prev", ArrowRight: "next", j: "next", Home: "first", End: "last" };

  function onPath(key) {
    const way = key === "u" ? document.querySelector("[data-key=u]") : ALONG[key] && path.querySelector(`[rel="${ALONG[key]}"]`);
    way?.click();
    return Boolean(way);
  }

  function inQueue(key) {
    if (key === "/") { document.getElementById("find").focus(); return true; }
    if (key !== "j" && key !== "k") return false;
    const rows = [...queue.querySelectorAll(".row")];
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
    next?.focus();
    return true;
  }

  function inConversation(key) {
    const field = { r: "reply", n: "note" }[key];
    if (field) { reveal(document.getElementById(field)); return true; }
    const found = /^[a-z]$/.test(key) && region.querySelector(`[data-key="${key}"]`);
    if (!found) return false;
    if (found.matches("summary")) {
      found.parentElement.open = true;
      reveal(found.parentElement.querySelector("select, a") || found);
    } else {
      found.click();
    }
    return true;
  }

  function reveal(element) {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
  }

  // ------------------------------------------------------------ the queue, live

  let mark = "";
  let waiting = queue ? count("waiting") : 0;
  let owed = queue ? count("owed") : 0; // the agent's own tickets that need a reply: new words, or a transfer
  let looked = 0;
  const title = document.title;

  function count(which) {
    return Number(queue.querySelector(".state").dataset[which]);
  }

  function entitle() {
    const both = count("waiting") + count("owed");
    document.title = both ? `(${both}) ${title}` : title;
  }

  // Return whether the agent has chosen a filter without applying it yet; an update would discard the choice.
  function choosing() {
    return queue.querySelector("select:focus") || [...queue.querySelectorAll("option")].some((one) => one.selected !== (one.defaultSelected || (one.index === 0 && !one.parentElement.querySelector("[selected]"))));
  }

  async function look() {
    if (choosing() || (document.hidden && Date.now() - looked < LOOK_HIDDEN)) return;
    looked = Date.now();
    try {
      const answer = await ask(location.pathname + location.search, { headers: mark ? { "If-None-Match": mark } : {} });
      if (answer.status === 401) { location.reload(); return; }
      if (answer.status >= 500) throw new Error(answer.statusText);
      connection.worked();
      if (!answer.ok) return;
      mark = answer.headers.get("etag") || "";
      const html = await answer.text();
      if (!choosing()) replace(html);
    } catch {
      connection.failed(look);
    }
  }

  function replace(html) {
    const focus = queue.contains(document.activeElement) ? document.activeElement.id : "";
    const across = queue.querySelector(".tabs").scrollLeft;
    queue.innerHTML = html; // our own server's markup, in which every text is escaped
    localise(queue);
    queue.querySelector(".tabs").scrollLeft = across;
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    if (count("waiting") > waiting) announce(`${count("waiting")} waiting`);
    if (count("owed") > owed) announce(`${count("owed")} of your tickets need a reply`);
    [waiting, owed] = [count("waiting"), count("owed")];
    entitle();
  }

  if (queue) {
    entitle();
    queue.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    setInterval(look, LOOK);
    document.addEventListener("visibilitychange", look);
    if (location.pathname !== "/desk") history.replaceState(null, "", "/desk");
  }
  if (!region) return;

  // ------------------------------------------------------------ a conversation: keeping drafts

  const DRAFTS = ["reply", "note", "how"];
  const CHANGES = "words-"; // prefix of the ids of boxes that edit a message
  const where = (id) => `desk/draft/${region.dataset.id}/${id}`;
  const state = () => region.querySelector(".state");
  const version = () => Number(state().dataset.version);
  let sending = false;
  let missed = false; // the conversation changed during a request or while the agent composed a character
  let composing = false;

  region.addEventListener("input", (event) => {
    const { id, value } = event.target;
    if (!DRAFTS.includes(id) && !id.startsWith(CHANGES)) return;
    if (value) sessionStorage.setItem(where(id), value); else sessionStorage.removeItem(where(id));
  });
  region.addEventListener("compositionstart", () => { composing = true; });
  region.addEventListener("compositionend", () => { composing = false; if (missed) refresh(); });

  function recall() {
    for (const id of DRAFTS) {
      const field = document.getElementById(id);
      const kept = sessionStorage.getItem(where(id));
      if (field && kept && !field.value) field.value = kept;
    }
    for (const field of region.querySelectorAll(`[id^="${CHANGES}"]`)) {
      const kept = sessionStorage.getItem(where(field.id));
      if (!kept) continue;
      field.value = kept;
      field.closest("details").open = true;
    }
  }

  // Return the checked boxes and choices of each form except the sent one, so that an update does not discard them.
  function choices(sent) {
    const made = [];
    region.querySelectorAll("form[data-live]").forEach((form) => {
      if (form === sent) return;
      form.querySelectorAll("select, [type=checkbox]").forEach((field) => {
        made.push([form.action, field.name, field.value, field.checked]);
      });
    });
    return made;
  }

  function rechoose(made) {
    for (const [action, name, value, checked] of made) {
      for (const form of region.querySelectorAll("form[data-live]")) {
        if (form.action !== action) continue;
        for (const field of form.querySelectorAll(`[name="${name}"]`)) {
          if (field.matches("select") && [...field.options].some((one) => one.value === value)) field.value = value;
          if (field.matches("[type=checkbox]") && field.value === value) field.checked = checked;
        }
      }
    }
  }

  // Return a selector that finds a focused element in the new markup.
  function place(element) {
    if (!element || !region.contains(element)) return "";
    if (element.id) return `#${CSS.escape(element.id)}`;
    const details = element.closest("details[id]");
    if (element.matches("summary") && details) return `#${CSS.escape(details.id)} > summary`;
    const form = element.closest("form[data-live]");
    const field = element.name ? `[name="${CSS.escape(element.name)}"]` : "button";
    return form ? `form[action="${CSS.escape(form.getAttribute("action"))}"] ${field}` : "";
  }

  // Replace the region. `sent` is the form that the response answers; drafts in other forms stay.
  function swap(html, sent = null) {
    const active = document.activeElement;
    const focus = place(active);
    const range = typing(active) && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
    const open = [...region.querySelectorAll("details[open][id]")].filter((one) => !one.contains(sent)).map((one) => one.id);
    const made = choices(sent);
    const known = new Set([...region.querySelectorAll(".said")].map((one) => one.id));
    const across = region.querySelector(".beside").scrollTop;
    region.innerHTML = html; // our own server's markup, in which every text is escaped
    localise(region);
    equip(region);
    recall();
    rechoose(made);
    open.forEach((id) => { const one = document.getElementById(id); if (one) one.open = true; });
    region.querySelector(".beside").scrollTop = across;
    document.title = state().dataset.title;
    const message = region.querySelector("#doubt, #notice");
    if (sent && message) {
      reveal(message);
    } else {
      const again = focus && region.querySelector(focus);
      if (again && !again.disabled) {
        again.focus({ preventScroll: true });
        if (range && range[0] !== null) again.setSelectionRange?.(...range);
      } else if (focus) {
        document.getElementById("acts").focus({ preventScroll: true });
      }
    }
    const fresh = [...region.querySelectorAll(".said")].filter((one) => !known.has(one.id));
    if (fresh.length) announce(fresh.map((one) => one.textContent.trim().replace(/\s+/g, " ")).join(". "));
  }

  function notice(text) {
    region.querySelector("#notice")?.remove();
    const shown = document.createElement("p");
    shown.id = "notice";
    shown.className = "notice";
    shown.tabIndex = -1;
    shown.textContent = text;
    region.querySelector(".heading").after(shown);
    reveal(shown);
    announce(text);
  }

  // ------------------------------------------------------------ requests and news

  async function send(form) {
    if (sending) return;
    sending = true;
    const data = new FormData(form);
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    const sent = new Map([...form.querySelectorAll("textarea")].map((field) => [field.id, field.value]));
    if (form.dataset.clears) sent.set(form.dataset.clears, document.getElementById(form.dataset.clears)?.value);
    region.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(form.action, { method: "POST", body });
      const html = await answer.text();
      if (answer.status === 401) location.reload();
      else if (html.includes('class="state"')) {
        if (answer.ok) {
          sent.forEach((value, id) => {
            const field = document.getElementById(id);
            if (field && field.value !== value) return; // the agent has begun the next message
            sessionStorage.removeItem(where(id));
            if (field) field.value = "";
          });
        }
        swap(html, form);
      } else notice(new DOMParser().parseFromString(html, "text/html").body.textContent.trim().replace(/\s+/g, " "));
    } catch {
      notice(connection.unsent("Your draft is saved."));
    }
    region.removeAttribute("aria-busy");
    sending = false;
    if (missed) refresh();
  }

  async function refresh(again = false) {
    missed = sending || composing;
    if (missed) return;
    try {
      const answer = await ask(location.pathname);
      if (answer.status === 401) { location.reload(); return; }
      if (answer.status >= 500) throw new Error(answer.statusText);
      const html = await answer.text();
      connection.worked();
      if (composing) { missed = true; return; }
      const found = /data-version="(\d+)"/.exec(html);
      if (answer.ok && !sending && found && (again || Number(found[1]) > version())) swap(html);
    } catch {
      connection.failed(() => refresh(again));
    }
  }

  let stream = null;

  function listen() {
    if (stream || document.hidden) return;
    stream = new EventSource(`${location.pathname}/stream`);
    stream.addEventListener("version", (event) => { if (Number(event.data) > version()) refresh(); });
    stream.addEventListener("open", connection.worked);
    stream.addEventListener("error", () => {
      // The browser reconnects after a lost connection, but not after a refusal.
      if (stream?.readyState === EventSource.CLOSED) stream = null;
      if (!document.hidden) connection.failed(() => { listen(); refresh(); });
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) { stream.close(); stream = null; } else { listen(); }
  });

  // A reply's delivery is not an event of the conversation, so poll until its status is known.
  setInterval(() => { if (!document.hidden && region.querySelector("[data-pending]")) refresh(true); }, LOOK);
  recall();
  listen();
})();
