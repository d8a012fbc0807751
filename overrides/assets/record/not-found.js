// The 404 page: the address that was asked for, and what lies near it by name.
"use strict";
(() => {
  document.querySelector("[data-without]")?.remove();
  const asked = document.querySelector("[data-asked]");
  const near = document.querySelector("[data-near]");
  if (!asked || !near) return;
  let path = location.pathname;
  try { path = decodeURIComponent(path); } catch { /* a malformed escape is shown as it came */ }
  asked.textContent = path;
  asked.hidden = false;
  const name = (path.replace(/\/+$/, "").split("/").pop() || "").replace(/(\.(md|html))+$/, "");
  const field = document.getElementById("r-asked");
  if (field) field.value = name.replace(/-v\d+(_\d+)*$/, "").replace(/[-_]+/g, " ").trim();

  const words = (text) => new Set(text.toLowerCase().replace(/\.(md|html)/g, "").split(/[^a-z0-9]+/).filter(Boolean));
  const likeness = (a, b) => {
    let shared = 0;
    for (const word of a) shared += b.has(word) ? word.length : 0;
    const size = [...a, ...b].reduce((sum, word) => sum + word.length, 0);
    return size ? (2 * shared) / size : 0;
  };
  const root = document.body.dataset.root.replace(/index\.html$/, "");

  const suggest = async () => {
    const answer = await fetch(near.dataset.near);
    if (!answer.ok) return;
    const mine = words(name);
    const ranked = (await answer.json())
      .map(([title, address]) => [likeness(mine, words(address.split("/").pop())), title, address])
      .filter(([score]) => score > 0.35)
      .sort((a, b) => b[0] - a[0])
      .slice(0, 5);
    for (const [, title, address] of ranked) {
      const item = document.createElement("li");
      const text = document.createElement("span");
      text.className = "t";
      const link = document.createElement("a");
      link.href = root + address;
      link.textContent = title;
      const why = document.createElement("span");
      why.className = "why";
      why.textContent = address.split("/").pop().replace(/\.html$/, "");
      text.append(link, why);
      item.append(text);
      near.querySelector("ul").append(item);
    }
    near.hidden = ranked.length === 0;
  };
  // The comparisons that there are of a chain, as its history lists them, those first that are nearest to the pair.
  const numbers = (side) => (side.match(/\d+/g) || []).map(Number);
  const isBefore = (one, other) => {
    const at = one.findIndex((number, place) => number !== other[place]);
    return at < 0 ? one.length < other.length : one[at] < other[at];
  };
  const comparisons = async ({ more, name }, pair) => {
    const page = new DOMParser().parseFromString(await (await fetch(more)).text(), "text/html");
    const start = decodeURIComponent(new URL(more).pathname).replace(/^(.*?)\/history\/(.*)\.html$/, "$1/compare/$2-");
    const held = new Map();
    for (const link of page.querySelectorAll('a[href*="compare/"]')) {
      const { href, pathname } = new URL(link.getAttribute("href"), more);
      const there = decodeURIComponent(pathname);
      if (there.startsWith(start)) held.set(href, there.slice(start.length).replace(/\.html$/, "").split("-to-"));
    }
    const versions = [...new Set([...held.values()].flat())];
    const [from, to] = pair.map(numbers).sort((one, other) => (isBefore(one, other) ? -1 : 1));
    const same = (version) => versions.find((each) => !isBefore(numbers(each), version) && !isBefore(version, numbers(each)));
    const [first, last] = [same(from), same(to)];
    // A history does not list them all: of two versions that are held, theirs may be there.
    if (first && last && first !== last) {
      const exact = new URL(`${encodeURI(start)}${first}-to-${last}.html`, more).href;
      if (!held.has(exact) && (await fetch(exact, { method: "HEAD" })).ok) held.set(exact, [first, last]);
    }
    const place = (version) => versions.filter((each) => isBefore(numbers(each), version)).length - (same(version) ? 0 : 0.5);
    const far = ([one, other]) => Math.abs(place(numbers(one)) - place(from)) + Math.abs(place(numbers(other)) - place(to));
    const said = (side) => side.replaceAll("_", ".");
    return [...held].sort((a, b) => far(a[1]) - far(b[1]) || place(numbers(b[1][1])) - place(numbers(a[1][1]))).slice(0, 3)
      .map(([address, [one, other]]) => ({ address, name: `${name}: ${said(one)} compared with ${said(other)}` }));
  };

  // What the address names, however it is written; else what looks like it.
  const named = async () => {
    const { answers, parts } = await import(new URL(document.body.dataset.names, location.href).href);
    const within = location.pathname.startsWith(root) ? location.pathname.slice(root.length - 1) : location.pathname;
    let { shown } = await answers(within, 5);
    const pair = path.match(/\/compare\/(.+)[-/](v\d[\w.-]*?)(?:\.md|\.html)?(?:-to-|\.\.\.?|…|\/)(v?\d[\w.-]*?)(?:\.md|\.html)*\/?$/);
    if (pair) {
      const { shown: [chain] } = await answers(pair[1], 1);
      if (chain?.more) shown = [...(await comparisons(chain, pair.slice(2))), ...shown].slice(0, 5);
    }
    if (!shown.length) return suggest();
    const items = shown.map((answer) => {
      const item = document.createElement("li");
      const text = Object.assign(document.createElement("span"), { className: "t" });
      const link = Object.assign(document.createElement("a"), { href: answer.address, textContent: answer.name });
      const why = Object.assign(document.createElement("span"), { className: "why" });
      if (answer.what) why.append(...parts(answer).flatMap((part) => [part, " "]));
      text.append(link, why);
      item.append(text);
      return item;
    });
    near.querySelector("ul").append(...items);
    near.hidden = false;
  };
  named().catch(suggest).catch(() => undefined); // without the lists the page still says what it must
})();
