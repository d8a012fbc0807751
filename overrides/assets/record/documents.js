// Filters of /documents/: the state is the URL; columns.json says which documents match, rows-N.json how they read.
"use strict";
(() => {
  const form = document.querySelector("[data-columns]");
  if (!form) return;
  const list = document.querySelector("[data-list]");
  const body = list.querySelector("tbody");
  const region = list.querySelector("[role=region]");
  const count = document.querySelector("[data-count]");
  const pager = document.querySelector("[data-pager]");
  const heading = document.querySelector("[data-heading]");
  const dateHead = list.querySelector("th[aria-sort]");
  const root = document.body.dataset.root;
  const names = ["text", "standing", "kind", "phase", "section", "on", "from", "to", "sort", "per"];
  const defaults = { sort: "newest", per: "25" };
  const sizes = [10, 25, 50, 100];
  const sorts = {
    newest: "Newest first; current before archived on the same day",
    oldest: "Oldest first",
    title: "By title",
    phase: "By phase, newest first",
  };
  const first = new URL(form.dataset.listAddress, location.href).pathname;
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"];
  const files = new Map();
  let columns = null;
  let turn = 0;

  const json = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return answer.json();
  };
  const at = (address) => root.replace(/index\.html$/, "") + address;
  const file = (number) => {
    if (!files.has(number)) files.set(number, json(at(`documents/rows-${number}.json`)));
    return files.get(number);
  };
  const row = async (id) => (await file(Math.floor(id / columns.rows_per_file)))[id % columns.rows_per_file];
  const asDay = (text) => (text ? Math.floor(Date.parse(`${text}T00:00:00Z`) / 864e5) : NaN);
  const dated = (day) => new Date(day * 864e5);
  const inWords = (day) => `${dated(day).getUTCDate()} ${months[dated(day).getUTCMonth()]} ${dated(day).getUTCFullYear()}`;
  const encoded = (path) => path.split("/").map(encodeURIComponent).join("/");

  const state = () => {
    const given = new URLSearchParams(location.search);
    const values = {};
    for (const name of names) values[name] = given.get(name) || defaults[name] || "";
    if (!sizes.includes(Number(values.per))) values.per = defaults.per;
    if (!Object.hasOwn(sorts, values.sort)) values.sort = defaults.sort;
    values.page = given.get("page") || "1";
    return values;
  };
  const address = (values, page) => {
    const query = new URLSearchParams();
    for (const name of names) if (values[name] && values[name] !== defaults[name]) query.set(name, values[name]);
    if (page > 1) query.set("page", page);
    const text = query.toString();
    return text ? `${first}?${text}` : first;
  };

  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const matching = async (values) => {
    const from = asDay(values.from), to = asDay(values.to), on = asDay(values.on);
    const kind = columns.kinds.findIndex(([name]) => name === values.kind);
    const section = columns.sections.indexOf(values.section);
    const standing = columns.standings.indexOf(values.standing);
    let ids = [];
    for (let id = 0; id < columns.total; id += 1) {
      if (values.standing && columns.standing[id] !== standing) continue;
      if (values.kind && columns.kind[id] !== kind) continue;
      if (values.section && columns.section[id] !== section) continue;
      if (values.phase && columns.phase[id] !== Number(values.phase)) continue;
      // In force at the end of that day.
      if (!Number.isNaN(on) && !(columns.from[id] >= 0 && columns.from[id] <= on && (columns.until[id] < 0 || columns.until[id] > on))) continue;
      if (!Number.isNaN(from) && !(columns.day[id] >= from)) continue;
      if (!Number.isNaN(to) && !(columns.day[id] >= 0 && columns.day[id] <= to)) continue;
      ids.push(id);
    }
    const words = values.text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length || values.sort === "title") {
      const rows = new Map(await Promise.all(ids.map(async (id) => [id, await row(id)])));
      const text = (id) => rows.get(id).join(" ").toLowerCase();
      ids = ids.filter((id) => words.every((word) => text(id).includes(word)));
      if (values.sort === "title") ids.sort((a, b) => rows.get(a)[0].localeCompare(rows.get(b)[0]) || a - b);
    }
    if (values.sort === "oldest") ids.sort((a, b) => (columns.day[a] < 0) - (columns.day[b] < 0) || columns.day[a] - columns.day[b] || a - b);
    if (values.sort === "phase") ids.sort((a, b) => columns.phase[b] - columns.phase[a] || a - b);
    return ids;
  };

  const drawnRow = async (id) => {
    const [title, path, version, folder, , address] = await row(id);
    const standing = columns.standings[columns.standing[id]];
    const number = columns.phase[id];
    const phase = element("td", { class: "num" });
    if (number >= 0) phase.append(element("a", { href: at(`phases/${encoded(folder)}/`), "aria-label": `Phase ${number}` }, String(number)));
    const when = element("td", {});
    if (columns.day[id] >= 0) when.append(element("time", { datetime: dated(columns.day[id]).toISOString().slice(0, 10) }, inWords(columns.day[id])));
    return element("tr", {},
      element("th", { scope: "row" }, element("a", { href: at(`view/${encoded(address || path)}.html`) }, title), element("span", { class: "path" }, path)),
      element("td", {}, version),
      element("td", {}, element("span", { class: `r-st r-st--${standing} r-st--sm` }, `${standing[0].toUpperCase()}${standing.slice(1)}`)),
      element("td", {}, columns.kinds[columns.kind[id]][1]), phase, when);
  };

  const drawnPager = (values, page, pages, per, total) => {
    const items = [];
    const wanted = [...new Set([1, 2, page - 2, page - 1, page, page + 1, page + 2, pages])].filter((n) => n >= 1 && n <= pages).sort((a, b) => a - b);
    let before = 0;
    for (const number of wanted) {
      if (number > before + 1) items.push(element("li", {}, element("i", {}, "…")));
      items.push(element("li", {}, number === page
        ? element("b", { "aria-current": "page" }, String(number))
        : element("a", { href: address(values, number), "data-go": "", "aria-label": `Page ${number}${number === pages ? ", last" : ""}` }, String(number))));
      before = number;
    }
    if (page < pages) items.push(element("li", {}, element("a", { href: address(values, page + 1), "data-go": "", rel: "next" },
      `Next, ${page * per + 1}–${Math.min((page + 1) * per, total)}`)));
    pager.replaceChildren(element("ul", {}, ...items));
    pager.hidden = pages < 2;
  };

  const say = (strong, ...more) => count.replaceChildren(element("b", {}, strong), ...more);

  const show = async () => {
    const mine = (turn += 1);
    const values = state();
    for (const name of names) form.elements[name].value = values[name];
    const ids = await matching(values);
    const per = Number(values.per);
    const pages = Math.max(1, Math.ceil(ids.length / per));
    const page = /^[1-9]\d{0,8}$/.test(values.page) ? Number(values.page) : 0;
    const rows = page ? await Promise.all(ids.slice((page - 1) * per, page * per).map(drawnRow)) : [];
    if (mine !== turn) return; // a later choice has been made meanwhile
    body.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    heading.textContent = page > 1 && rows.length ? `Documents, page ${page}` : "Documents";
    if (values.sort === "newest") dateHead.setAttribute("aria-sort", "descending");
    else if (values.sort === "oldest") dateHead.setAttribute("aria-sort", "ascending");
    else dateHead.removeAttribute("aria-sort");
    if (ids.length === 0) {
      say("No document matches these filters.", element("a", { href: first, "data-go": "" }, "Clear"));
      pager.hidden = true;
      return;
    }
    if (rows.length === 0) {
      say(`There is no page ${values.page}.`, element("a", { href: address(values, 1), "data-go": "" }, "Go to page 1"));
      pager.hidden = true;
      return;
    }
    const start = (page - 1) * per;
    const showing = `${(start + 1).toLocaleString("en")}–${(start + rows.length).toLocaleString("en")} of ${ids.length.toLocaleString("en")}`;
    const day = asDay(values.on);
    const held = Number.isNaN(day) ? "" : `In force on ${inWords(day)}; the standing is that of today. `;
    say(`Showing ${showing}`, element("span", {}, held + sorts[values.sort]));
    region.setAttribute("aria-label", `Documents, ${showing}`);
    drawnPager(values, page, pages, per, ids.length);
  };

  const fail = (wrong) => say("The list could not be filtered.", element("span", {}, String(wrong.message || wrong)));
  const go = async (url) => {
    // From a plain page further down, whose relative links would lead astray, it is a visit like any other.
    if (new URL(url, location.href).pathname !== location.pathname) return location.assign(url);
    if (url !== location.pathname + location.search) history.pushState(null, "", url);
    return show().catch(fail);
  };
  // What was pressed is gone: the keyboard goes on at the list, or at what stands in its place.
  const attend = () => (list.hidden ? count.querySelector("a") : region).focus({ preventScroll: true });

  const fill = (select, options) => {
    for (const [value, words] of options) select.append(element("option", { value }, words));
  };
  const counted = (column, index) => columns[column].reduce((sum, value) => sum + (value === index), 0);

  const start = async () => {
    columns = await json(form.dataset.columns);
    fill(form.elements.standing, columns.standings
      .map((name, index) => [name, counted("standing", index)])
      .filter(([name, number]) => name !== "withdrawn" || number)
      .map(([name, number]) => [name, `${name[0].toUpperCase()}${name.slice(1)} (${number})`]));
    fill(form.elements.kind, columns.kinds.map(([kind, label], index) => [kind, `${label} (${counted("kind", index)})`]));
    fill(form.elements.phase, [...columns.phases].reverse().map(([number, heading]) => [number, heading]));
    fill(form.elements.section, columns.sections.map((section, index) => [section, `${section || "(top)"} (${counted("section", index)})`]));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = {};
      for (const name of names) values[name] = form.elements[name].value.trim();
      go(address(values, 1));
    });
    for (const name of ["standing", "kind", "phase", "section", "sort", "per"]) form.elements[name].addEventListener("change", () => form.requestSubmit());
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-go]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(link.getAttribute("href")).then(() => {
        attend();
        count.scrollIntoView({ block: "nearest" });
      });
    });
    addEventListener("popstate", () => show().catch(fail));
    if (location.search) await show();
    form.hidden = false;
  };
  start().catch(fail);
})();
