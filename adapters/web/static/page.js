// Makes the page's forms work without a reload. Without this script, the browser posts the same forms itself.
"use strict";

(() => {
  const region = document.getElementById("region");
  const heard = document.getElementById("heard");
  const WAIT = 20000; // milliseconds until a request counts as lost
  const ASKING = { "X-Requested-With": "fetch" };
  let sending = false;
  let missed = false; // the conversation changed while a request was under way

  // The server then knows that this browser reports what is in view, so that loading a page is not yet seeing it.
  const framed = window.top !== window && location.protocol === "https:" ? "; SameSite=None; Partitioned" : "; SameSite=Lax";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `tt_script=1; Path=/; Max-Age=31536000${secure}${framed}`;

  // Announce a text to screen readers. The region is emptied first, so that the same text is announced again.
  function announce(text) {
    heard.textContent = "";
    setTimeout(() => { heard.textContent = text; }, 50);
  }

  // ------------------------------------------------------------ the front page: one click starts one conversation

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    } else if (region && form.matches("[data-live]")) {
      event.preventDefault();
      send(form, event.submitter);
    }
  });

  window.addEventListener("pageshow", (event) => {
    document.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; });
    if (event.persisted && region) refresh();
  });

  // ------------------------------------------------------------ copying

  function equip(root) {
    root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
    root.querySelectorAll("[data-sound]").forEach((button) => {
      button.setAttribute("aria-pressed", allowed());
      button.closest("p").hidden = !window.AudioContext;
    });
  }

  // ------------------------------------------------------------ a sound for a new reply, where the person asked for one

  const SOUND = "sound"; // the name under which this browser keeps the choice
  let bell = null;

  const allowed = () => localStorage.getItem(SOUND) === "on";

  function ring() {
    if (!allowed() || !window.AudioContext) return;
    bell ??= new AudioContext();
    const [tone, volume, now] = [bell.createOscillator(), bell.createGain(), bell.currentTime];
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.1, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.4);
    tone.connect(volume).connect(bell.destination);
    tone.start(now);
    tone.stop(now + 0.4);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sound]");
    if (!button) return;
    localStorage.setItem(SOUND, allowed() ? "off" : "on");
    button.setAttribute("aria-pressed", allowed());
    ring(); // as a sample, and because a browser allows sounds only after a press
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      copied = document.execCommand("copy"); // the clipboard API needs https
    }
    const label = button.textContent;
    button.textContent = copied ? "Copied" : "Press Ctrl+C";
    announce(button.textContent);
    setTimeout(() => { button.textContent = label; }, 2500);
  });

  equip(document);
  if (!region) return;

  // ------------------------------------------------------------ replacing the changed part

  const state = () => region.querySelector(".state");
  const version = () => Number(state().dataset.version);
  const turn = () => state().dataset.turn;
  const notices = () => state().dataset.notices;
  const question = () => document.getElementById("asked")?.textContent || ""; // what the customer's words meant

  // Return a selector that finds a focused element in the new markup.
  function mark(element) {
    if (!element || !region.contains(element)) return null;
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.name && element.value) return `[name="${element.name}"][value="${CSS.escape(element.value)}"]`;
    if (element.matches("summary")) return `#${CSS.escape(element.parentElement.id)} > summary`;
    return null;
  }

  const typed = "textarea[id]:not([readonly]), input[id]:not([readonly], [type=file])";

  const written = (root) => new Map([...root.querySelectorAll(typed)].map((field) => [field.id, field.value]));

  // Remember what the customer has typed and opened, so that an update does not discard it. Sent text is not kept.
  function keep(sent) {
    const fields = new Map([...written(region)].filter(([id, value]) => value && sent.get(id) !== value && document.getElementById(id).defaultValue !== value));
    const foldable = [...region.querySelectorAll("details[id]")];
    const open = foldable.filter((one) => one.open && !("open" in one.dataset)).map((one) => one.id);
    const closed = foldable.filter((one) => !one.open && "open" in one.dataset).map((one) => one.id);
    const active = document.activeElement;
    const range = active && active.matches(typed) ? [active.selectionStart, active.selectionEnd] : null;
    return { fields, open, closed, focus: mark(active), range };
  }

  function restore(kept) {
    for (const [id, value] of kept.fields) {
      const field = document.getElementById(id);
      if (field && field.value === field.defaultValue) field.value = value;
    }
    for (const id of kept.open) {
      const one = document.getElementById(id);
      if (one && id !== "later") one.open = true;
    }
    for (const id of kept.closed) document.getElementById(id)?.removeAttribute("open");
  }

  function refocus(kept) {
    const again = kept.focus && region.querySelector(kept.focus);
    if (!again || again.disabled) return false;
    again.focus({ preventScroll: true });
    if (kept.range && again.setSelectionRange) again.setSelectionRange(...kept.range);
    return true;
  }

  // Replace the region. `pressed` is the selector of the button pressed on this page, if any: the focus then moves to
  // its result, or stays.
  function swap(html, sent, pressed) {
    const kept = keep(sent);
    const before = turn();
    const [mark, at, open] = [notices(), version(), question()];
    const known = new Set([...region.querySelectorAll("[id]")].map((one) => one.id));
    region.innerHTML = html; // our own server's markup, in which every text is escaped
    equip(region);
    restore(kept);
    follow();
    const moved = turn() !== before;
    const asks = question() !== "" && question() !== open;
    if (asks) known.delete("asked");
    if (moved) region.querySelector(".card").classList.add("fresh");
    const target = pressed ? where(known, moved) : null;
    if (target) {
      target.focus({ preventScroll: true });
      const whole = target.id === "asked" ? target.closest("section") : target; // with its buttons
      whole.scrollIntoView({ block: target.id === "now" ? "start" : "nearest" });
    } else if (!refocus(pressed ? { focus: pressed } : kept) && (pressed || kept.focus)) {
      region.querySelector("#now").focus({ preventScroll: true });
    }
    if (asks) announce(state().dataset.announce);
    else announce(notices() !== mark && version() === at ? leading() : latest(moved));
  }

  // Return the first paragraph of the step: a notice, if there is one.
  const leading = () => (notices() ? region.querySelector(".words > p")?.textContent.trim() : "") || state().dataset.announce;

  // Return the element that is new after a press on this page, to focus it.
  function where(known, moved) {
    for (const id of ["notice", "way-title", "ticket", "asked"]) {
      const found = document.getElementById(id);
      if (found && (id === "notice" || !known.has(id))) return found;
    }
    return moved ? document.getElementById("now") : null;
  }

  // Return the selector of the element that keeps the focus if nothing is new: the text field, the menu or the button.
  function stays(form, button) {
    if (form.id === "say") return "#words";
    return mark(button?.closest("details")?.querySelector("summary")) || mark(button) || "#now";
  }

  function latest(moved) {
    const lines = ".since .line.bot:last-child .bubble, .since .line.agent:last-child";
    const said = region.querySelector(lines)?.textContent.trim().replace(/\s+/g, " ");
    const announced = state().dataset.announce;
    if (!said) return announced;
    // An agent's first message is announced together with the sentence that the agent took over.
    return moved ? (region.querySelector(lines).matches(".agent") ? `${announced}. ${said}` : announced) : said;
  }

  function notice(text) {
    let shown = document.getElementById("notice");
    if (!shown) {
      shown = document.createElement("p");
      shown.id = "notice";
      shown.className = "notice";
      shown.tabIndex = -1;
      region.querySelector("h1").after(shown);
    }
    shown.textContent = text;
    shown.scrollIntoView({ block: "nearest" });
    announce(text);
  }

  // ------------------------------------------------------------ requests

  function ask(address, more) {
    return fetch(address, { headers: ASKING, signal: AbortSignal.timeout(WAIT), ...more });
  }

  // Disable the old buttons right away. Return a function that enables them again if the request fails.
  function retire(form, button) {
    region.setAttribute("aria-busy", "true");
    const buttons = [...region.querySelectorAll("button:enabled")].filter((one) => !one.dataset.copy);
    buttons.forEach((one) => { one.disabled = true; });
    return () => {
      region.removeAttribute("aria-busy");
      buttons.forEach((one) => { one.disabled = false; });
      if (button && document.activeElement === document.body) button.focus({ preventScroll: true });
    };
  }

  async function send(form, button) {
    if (sending) return;
    sending = true;
    const data = new FormData(form, button);
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    const sent = written(form);
    const pressed = stays(form, button);
    const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    const back = retire(form, button);
    try {
      const answer = await ask(address, { method: "POST", body });
      const html = await answer.text();
      if (html.includes('class="state"')) {
        region.removeAttribute("aria-busy");
        swap(html, answer.ok ? sent : new Map(), pressed);
      } else {
        back();
        notice(plain(html));
      }
    } catch {
      back();
      notice(connection.unsent("Your progress is saved."));
    }
    sending = false;
    if (missed) refresh();
  }

  function plain(html) {
    return new DOMParser().parseFromString(html, "text/html").body.textContent.trim().replace(/\s+/g, " ");
  }

  async function refresh() {
    missed = sending;
    if (sending) return;
    try {
      const answer = await ask(location.pathname);
      const html = await answer.text();
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
      connection.worked();
      if (answer.ok && !sending) swapIfNew(html);
    } catch {
      connection.failed(refresh);
    }
  }

  function swapIfNew(html) {
    const found = /data-version="(\d+)"/.exec(html);
    if (!found || Number(found[1]) < version()) return;
    const mark = /data-notices="(\w*)"/.exec(html);
    if (Number(found[1]) > version() || (mark && mark[1] !== notices())) swap(html, new Map(), "");
  }

  // ------------------------------------------------------------ changes from other tabs, devices and agents

  const HIDDEN = 20000; // milliseconds between two looks of a hidden tab, whose title counts the replies
  let stream = null;

  function listen() {
    if (stream || document.hidden) return;
    stream = new EventSource(`${location.pathname}/stream`);
    stream.addEventListener("open", connection.worked);
    stream.addEventListener("version", (event) => {
      const [at, mark = ""] = event.data.split(" ");
      if (Number(at) > version() || mark !== notices()) refresh();
    });
    stream.addEventListener("error", () => {
      // The browser reconnects after a lost connection, but not after a refusal.
      if (stream?.readyState === EventSource.CLOSED) stream = null;
      if (!document.hidden) connection.failed(again);
    });
  }

  function again() {
    listen();
    refresh();
  }

  // A hidden tab closes its connection, because a browser allows only a few for each site.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) { stream.close(); stream = null; } else { listen(); look(); }
  });
  setInterval(() => { if (document.hidden && "waiting" in state().dataset) refresh(); }, HIDDEN);

  // ------------------------------------------------------------ agents' replies: which of them are in view

  const pill = document.getElementById("new");
  let told = Number(state().dataset.seen); // the last version that the server knows as seen
  let unread = [];
  let opened = false; // what was unread before the page opened makes no sound

  const number = (line) => Number(line.id.slice(1));
  const replies = () => [...region.querySelectorAll(".line.agent[id]")].filter((line) => !line.closest("details:not([open])"));

  const watcher = new IntersectionObserver((entries) => {
    if (document.hidden) return;
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      if (intersectionRatio < 0.5 && intersectionRect.height < (rootBounds?.height ?? innerHeight) / 2) continue;
      watcher.unobserve(target);
      unread = unread.filter((line) => line !== target);
    }
    report();
  }, { threshold: [0, 0.25, 0.5, 1] });

  // Watch the replies that came since the customer last saw the conversation.
  function follow() {
    watcher.disconnect();
    told = Math.max(told, Number(state().dataset.seen));
    const known = new Set(unread.map(number));
    unread = replies().filter((line) => number(line) > told);
    if (opened && unread.some((line) => !known.has(number(line)))) ring();
    opened = true;
    look();
  }

  // Observe unread replies again: the browser reports no change for a tab that was hidden.
  function look() {
    unread.forEach((line) => { watcher.unobserve(line); watcher.observe(line); });
    report();
  }

  // Count the unread replies in the title, offer to go to them, and tell the server how far the customer has seen.
  function report() {
    document.title = `${unread.length ? `(${unread.length}) ` : ""}${state().dataset.title}`;
    pill.hidden = !unread.length;
    if (unread.length) {
      const who = unread.length === 1 && unread[0].querySelector(".name")?.textContent;
      pill.textContent = unread.length > 1 ? `${unread.length} new replies` : who ? `New reply from ${who}` : "New reply";
    }
    const seen = unread.length ? Math.min(...unread.map(number)) - 1 : version();
    if (document.hidden || seen <= told) return;
    told = seen;
    const proof = region.querySelector("[name=proof]").value;
    ask(`${location.pathname}/seen`, { method: "POST", body: new URLSearchParams({ proof, version: seen }), keepalive: true })
      .catch(() => { told = Number(state().dataset.seen); });
  }

  pill.addEventListener("click", () => {
    const [first] = unread;
    if (!first) return;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  });

  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  const said = /^#m\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (said) {
    // An email's link leads to this message, which may be in the folded history.
    said.closest("details")?.setAttribute("open", "");
    said.focus({ preventScroll: true });
    said.scrollIntoView({ block: "center" });
  }
  if (["#now", "#asked"].includes(location.hash)) document.querySelector(location.hash)?.focus({ preventScroll: true });
  follow();
  listen();
})();
