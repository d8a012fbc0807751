// Cards of what a text cites, and the links of its sections. Loaded by record.js when one is first asked for.
// A card is text alone, read from the page that the link leads to: nothing of a document is put in as HTML.
"use strict";

const MOST = 400000; // characters of a page that are read for its card
const WORDS = 260; // characters of a section that a card shows
const OPENS = 250, CLOSES = 300, WAITS = 500; // milliseconds
const main = document.querySelector("main");
const article = document.querySelector("[data-cards]");
const root = new URL(document.body.dataset.root, location.href).href.replace(/index\.html$/, "");
const pages = new Map();
let wanted = null; // the link whose card is asked for, or shown
let shown = null; // { link, card, title }
let timer = 0;

const made = (name, className, text = "") => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
};

// Reading -------------------------------------------------------------------------------------------------------------
const read = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let html = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    html += part.value;
    if (html.length > MOST) {
      await reader.cancel();
      break;
    }
  }
  return new DOMParser().parseFromString(html.slice(0, MOST), "text/html"); // runs nothing, and loads nothing
};

const pageOf = (link) => {
  const address = link.href.split("#")[0];
  if (address === location.href.split("#")[0]) return document;
  if (!pages.has(address)) pages.set(address, read(address));
  return pages.get(address);
};

const plain = (node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll(".m-note, .r-since, .secno[aria-label], thead").forEach((note) => note.remove());
  copy.querySelectorAll(":is(td, th) + td").forEach((cell) => cell.prepend(" · "));
  return copy.textContent.replace(/\s+/g, " ").trim();
};

const cut = (text) => (text.length > WORDS ? `${text.slice(0, WORDS).replace(/\s+\S*$/, "")} …` : text);

const isHeading = (element) => /^H[2-6]$/.test(element.tagName);

// What follows a heading up to the next one; of a whole text, its first paragraphs.
const following = (first, past) => {
  let words = "";
  for (let block = first; block && words.length <= WORDS; block = block.nextElementSibling) {
    if (block.matches(".r-since")) continue;
    if (!isHeading(block)) words += ` ${plain(block)}`;
    else if (!past || words) break;
  }
  return words.trim();
};

const told = (page, id) => {
  const title = page.querySelector("h1")?.textContent.trim() ?? "";
  if (!id) return { name: title, words: following(page.querySelector(".r-body > *, .r-alone > p"), true) };
  const at = page.getElementById(id);
  if (!at) return { name: title, words: "" };
  const place = at.closest("h2, h3, h4, h5, h6, tr") ?? at;
  if (isHeading(place)) return { name: plain(place), where: title, words: following(place.nextElementSibling, false) };
  const cells = [...place.children].map(plain);
  if (place.tagName === "TR") return { name: cells[0], where: title, words: cells.slice(1).filter(Boolean).join(" · ") };
  return { name: "", where: title, words: plain(place) };
};

const about = async (link) => {
  const page = await pageOf(link);
  const found = told(page, decodeURIComponent(link.hash.slice(1)));
  const state = page.querySelector(".r-state");
  if (page === document || !state) return { ...found, where: "", state: [made("span", "", "In this document")] };
  const standing = state.querySelector(".r-st");
  const [kind] = /r-st--(?:current|archived|withdrawn)/.exec(standing?.className ?? "") ?? [""];
  const parts = [made("span", `r-st r-st--sm ${kind}`, standing?.textContent)];
  for (const each of state.querySelectorAll(".v, .day")) parts.push(made("span", "", each.textContent));
  return { ...found, state: parts };
};

// Cards ---------------------------------------------------------------------------------------------------------------
const hide = (back = false) => {
  clearTimeout(timer);
  wanted = null;
  if (!shown) return;
  const { link, card, title } = shown;
  shown = null;
  card.remove();
  link.removeAttribute("aria-describedby");
  if (title) link.title = title;
  if (back) link.focus();
};

const fill = (card, found) => {
  const parts = found.state ? [made("p", "r-card__state")] : [];
  parts[0]?.append(...found.state);
  if (found.name) parts.push(made("p", "r-card__name", cut(found.name)));
  if (found.where) parts.push(made("p", "r-card__where", found.where));
  if (found.words) parts.push(made("p", "r-card__words", cut(found.words)));
  card.querySelector(".r-card__said").replaceChildren(...parts);
};

// Below the link, or above it where there is no room; always within the window.
const put = ({ link, card }) => {
  if (card.classList.contains("r-card--sheet")) return;
  const boxes = [...link.getClientRects()], first = boxes[0], last = boxes[boxes.length - 1];
  if (!first) return;
  const size = card.getBoundingClientRect(), wide = document.documentElement.clientWidth;
  const below = last.bottom + size.height + 8 <= innerHeight || first.top < size.height + 8;
  const y = below ? last.bottom + 6 : first.top - size.height - 6;
  const x = Math.max(8, Math.min((below ? last : first).left, wide - size.width - 8));
  card.style.left = `${x + scrollX}px`;
  card.style.top = `${y + scrollY}px`;
};

const open = (link, card) => {
  hide();
  wanted = link;
  shown = { link, card, title: link.title };
  main.append(card);
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", leave);
};

const show = async (link, sheet) => {
  wanted = link;
  const found = about(link);
  const soon = await Promise.race([found, new Promise((done) => { setTimeout(done, WAITS); })]).catch(() => null);
  if (wanted !== link) return;
  const card = made("div", `r-card${sheet ? " r-card--sheet" : ""}`);
  card.id = "r-card";
  card.append(made("div", "r-card__said"));
  open(link, card);
  fill(card, soon ?? { words: shown.title || link.textContent });
  if (sheet) asSheet(link, card);
  else {
    card.setAttribute("role", "tooltip");
    link.removeAttribute("title"); // or the browser says it once more, over the card
    link.setAttribute("aria-describedby", card.id);
  }
  put(shown);
  if (soon) return;
  const later = await found.catch(() => null);
  if (later && shown?.card === card) {
    fill(card, later);
    put(shown);
  }
};

// On a touch screen a card comes with the first tap and holds the link; the second tap on the link follows it, too.
const asSheet = (link, card) => {
  const go = made("a", "r-btn r-btn--main", "Open"), close = made("button", "r-btn", "Close");
  go.href = link.href;
  go.addEventListener("click", () => hide());
  close.type = "button";
  close.addEventListener("click", () => hide(true));
  const row = made("p", "r-actions");
  row.append(go, close);
  card.append(row);
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", `What ${link.textContent.trim()} leads to`);
  go.focus({ preventScroll: true });
};

const leave = () => {
  clearTimeout(timer);
  timer = setTimeout(hide, CLOSES);
};

// Links of sections ---------------------------------------------------------------------------------------------------
const copied = async (field, button, said) => {
  field.select();
  let words = "Selected";
  try {
    await navigator.clipboard.writeText(field.value);
    words = "Copied";
  } catch { /* not allowed, or no secure connection: the text is selected */ }
  button.textContent = said.textContent = words;
};

const offer = (link) => {
  const own = document.querySelector("link[rel=canonical]").href, { latest, new: compared } = article.dataset;
  const card = made("div", "r-card r-card--links"), said = made("span", "vh");
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", `Links to ${plain(link.parentElement)}`);
  said.setAttribute("role", "status");
  const choices = compared ? [["This comparison", own], ["The newer version", new URL(compared, own).href]] : [["This version", own]];
  if (latest) choices.push(["Always the current version", new URL(latest, own).href]);
  for (const [words, address] of choices) {
    const row = made("label", "r-card__link", words), field = made("input", "r-field"), button = made("button", "r-btn", "Copy");
    field.readOnly = true;
    field.value = address.split("#")[0] + link.hash;
    field.addEventListener("focus", () => field.select());
    button.type = "button";
    button.setAttribute("aria-label", `Copy the link: ${words.toLowerCase()}`);
    button.addEventListener("click", () => copied(field, button, said));
    row.append(field);
    card.append(row, button);
  }
  card.append(said);
  open(link, card);
  put(shown);
  card.querySelector("button").focus({ preventScroll: true });
};

// What is asked for ---------------------------------------------------------------------------------------------------
const leadsToText = (link) => link.href.startsWith(`${root}view/`) && !link.matches(".footnote-backref");

/** `type` is that of the event at `link`; `held` says that a tap was kept from following it. */
export const asked = (type, link, held) => {
  if (link.matches(".secno")) {
    if (type === "click") offer(link);
  } else if (held && (!leadsToText(link) || shown?.link === link)) {
    hide();
    location.assign(link.href);
  } else if (held) show(link, true);
  else if (type === "click") hide();
  else if (leadsToText(link) && shown?.link !== link) {
    clearTimeout(timer);
    wanted = link;
    timer = setTimeout(() => show(link, false), type === "focusin" ? 0 : OPENS);
  } else if (shown?.link === link) clearTimeout(timer);
};

const isDialog = () => Boolean(shown?.card.matches("[role=dialog]"));

addEventListener("pointerout", (event) => {
  const link = event.target.closest?.("a");
  if (link && link === wanted && !isDialog() && !link.matches(":focus-visible")) leave();
});
addEventListener("focusout", (event) => {
  if (isDialog() ? event.relatedTarget && !shown.card.contains(event.relatedTarget) : event.target === wanted) hide();
});
addEventListener("pointerdown", (event) => {
  if (isDialog() && !shown.card.contains(event.target) && !shown.link.contains(event.target)) hide();
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !(shown || wanted)) return;
  hide(shown?.card.contains(document.activeElement));
  event.stopPropagation();
});
