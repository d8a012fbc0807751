// The 404 page: the address that was asked for, and what lies near it by name.
"use strict";
(() => {
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
  // What the address names, however it is written; else what looks like it.
  const named = async () => {
    const { answers, parts } = await import(new URL(document.body.dataset.names, location.href).href);
    const within = path.startsWith(root) ? path.slice(root.length - 1) : path;
    const { shown } = await answers(within, 5);
    if (!shown.length) return suggest();
    const items = shown.map((answer) => {
      const item = document.createElement("li");
      const text = Object.assign(document.createElement("span"), { className: "t" });
      const link = Object.assign(document.createElement("a"), { href: answer.address, textContent: answer.name });
      const why = Object.assign(document.createElement("span"), { className: "why" });
      why.append(...parts(answer).flatMap((part) => [part, " "]));
      text.append(link, why);
      item.append(text);
      return item;
    });
    near.querySelector("ul").append(...items);
    near.hidden = false;
  };
  named().catch(suggest).catch(() => undefined); // without the lists the page still says what it must
})();
