// What the pages add where script is on: the freshness line, sections kept between versions, copying of citations.
"use strict";
(() => {
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"];
  const pad = (number) => String(number).padStart(2, "0");
  const day = (when) => `${when.getUTCDate()} ${months[when.getUTCMonth()]} ${when.getUTCFullYear()}`;
  const minute = (when) => `${day(when)}, ${pad(when.getUTCHours())}:${pad(when.getUTCMinutes())} UTC`;

  const part = (text, name) => {
    const span = document.createElement("span");
    span.textContent = text;
    if (name) span.className = name;
    return span;
  };

  const freshness = async (line) => {
    const answer = await fetch(new URL("stamp.json", line.querySelector("a").href), { cache: "no-cache" });
    if (!answer.ok) return;
    const stamp = await answer.json();
    const issued = new Date(stamp.issued);
    const expires = new Date(stamp.expires);
    const late = expires < new Date();
    const commit = stamp.commit ? `commit ${stamp.commit.slice(0, 7)}` : "sources outside git";
    const words = [part(late ? `Late: stamped ${minute(issued)}` : `Stamped ${minute(issued)}`, "mark")];
    words.push(part(late ? `was valid until ${day(expires)}` : `valid until ${day(expires)}`));
    words.push(part(`built from ${commit}`));
    if (stamp.sources) words.push(part(`sources digest ${stamp.sources.replace("sha256:", "").slice(0, 8)}`));
    line.classList.toggle("is-late", late);
    line.prepend(...words);
  };

  const stampParts = async (place) => {
    const answer = await fetch(place.dataset.stamp, { cache: "no-cache" });
    if (!answer.ok) return;
    const stamp = await answer.json();
    const parts = {
      issued: minute(new Date(stamp.issued)),
      expires: minute(new Date(stamp.expires)),
      commit: stamp.commit ? stamp.commit.slice(0, 12) : "built outside git",
      sources: (stamp.sources || "").replace("sha256:", "").slice(0, 16),
    };
    for (const part of place.querySelectorAll("[data-stamp-part]")) part.textContent = parts[part.dataset.stampPart];
  };

  const keepAnchors = () => {
    for (const link of document.querySelectorAll("a[data-keep-anchor]")) {
      link.hash = location.hash && !location.hash.startsWith("#r-") ? location.hash : "";
    }
  };

  // What can be copied can be selected by a click without script; with it, a button does both.
  const offerCopy = (place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "r-btn r-copier";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${place.dataset.copy}`);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "vh";
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(place);
      let words = "Selected";
      try {
        await navigator.clipboard.writeText(place.textContent);
        words = "Copied";
      } catch { /* not allowed, or no secure connection: the text is selected */ }
      button.textContent = words;
      said.textContent = words;
    });
    place.after(button, said);
  };

  // /latest/… leads on, and keeps the section and the query that were asked for.
  const onwards = document.querySelector("a[data-onwards]");
  if (onwards && (location.hash || location.search)) {
    location.replace(onwards.href.split("#")[0] + location.search + location.hash);
  }

  // The contents mark the section that is read: the last heading above the middle of the window.
  const marked = [...document.querySelectorAll(".r-toc a[href^='#']")].map((link) => [link, document.getElementById(link.hash.slice(1))])
    .filter(([, place]) => place);
  const follow = () => {
    const above = marked.filter(([, place]) => place.getBoundingClientRect().top < innerHeight / 3);
    const now = above.length ? above[above.length - 1][0] : null;
    marked.forEach(([link]) => (link === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  let waits = 0;
  if (marked.length) addEventListener("scroll", () => { waits ||= requestAnimationFrame(() => { waits = 0; follow(); }); }, { passive: true });

  // What a button opened over the page goes when one of its links was followed.
  for (const panel of document.querySelectorAll("[popover]")) {
    panel.addEventListener("click", (event) => { if (event.target.closest("a")) panel.hidePopover?.(); });
  }

  // "/" and Ctrl-K lead to what is named; the names are loaded then.
  const goTo = async () => {
    if (document.querySelector("dialog[open]")) return;
    const { begin, openSwitcher } = await import(new URL(document.body.dataset.names, location.href).href);
    await begin();
    if (!document.querySelector("dialog[open]")) openSwitcher();
  };
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey)) return;
    event.preventDefault();
    goTo().catch(() => document.getElementById("r-q")?.focus()); // without the names, the search is there
  });

  // Cards of what is cited, and the links of sections. A tap waits for its card, and follows the link if none comes.
  const article = document.querySelector("[data-cards]");
  const ask = (event) => {
    const link = event.target.closest?.(":is(.r-body, .r-facts) a[href]:not(.r-out)");
    const touch = event.pointerType === "touch", changed = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || changed || (touch && event.type !== "click")) return;
    if (event.type === "focusin" && !link.matches(":focus-visible")) return;
    const held = touch && !link.matches(".secno");
    if (held) event.preventDefault();
    import(new URL(article.dataset.cards, location.href).href)
      .then(({ asked }) => asked(event.type, link, held)).catch(() => { if (held) location.assign(link.href); });
  };
  if (article) for (const type of ["pointerover", "focusin", "click"]) article.addEventListener(type, ask);

  // Where rows become blocks each cell says its column; a region that scrolls says so.
  for (const table of document.querySelectorAll(".r-apart")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, at) => { cell.dataset.head = heads[at] ?? ""; });
    }
  }
  const regions = [...document.querySelectorAll(".r-scroll")];
  const measure = () => {
    const wide = regions.map((region) => region.scrollWidth > region.clientWidth + 1);
    regions.forEach((region, at) => region.classList.toggle("is-wide", wide[at]));
  };
  for (const type of ["load", "resize"]) addEventListener(type, measure); // not before the page is painted

  const line = document.querySelector("[data-fresh]");
  if (line) freshness(line).catch(() => undefined); // offline or opened as a file: the link stays
  const stamp = document.querySelector("[data-stamp]");
  if (stamp) stampParts(stamp).catch(() => undefined); // the words that stand there hold then
  document.querySelectorAll("[data-copy]").forEach(offerCopy);
  keepAnchors();
  addEventListener("hashchange", keepAnchors);
})();
