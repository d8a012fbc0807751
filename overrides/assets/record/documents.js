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
  const heads = [...list.querySelectorAll("th[data-sorts]")];
  const root = document.body.dataset.root;
  const names = ["text", "standing", "kind", "phase", "section", "on", "from", "to", "sort", "per"];
  const usual = ({ text }) => ({ sort: text ? "best" : "newest", per: "25" });
  const sizes = [10, 25, 50, 100];
  // Rows are in the order of the newest. Each sort in words; then the direction, and what is compared of (id, row).
  const by = {
    day: (id) => columns.day[id],
    phase: (id) => columns.phase[id],
    kind: (id) => columns.kinds[columns.kind[id]][1],
    standing: (id) => columns.standing[id],
    title: (id, row) => row[0],
    version: (id, row) => row[2],
  };
  const sorts = {
    best: ["Best match first, then newest first"],
    newest: ["Newest first; current before archived on the same day", "descending"],
    oldest: ["Oldest first", "ascending", by.day],
    title: ["By title", "ascending", by.title],
    "title-desc": ["By title, Z to A", "descending", by.title],
    phase: ["By phase, newest first", "descending", by.phase],
    "phase-asc": ["By phase, oldest first", "ascending", by.phase],
    kind: ["By kind", "ascending", by.kind],
    "kind-desc": ["By kind, Z to A", "descending", by.kind],
    "version-desc": ["By version, highest first", "descending", by.version],
    version: ["By version, lowest first", "ascending", by.version],
    standing: ["Current first", "ascending", by.standing],
    "standing-desc": ["Archived first", "descending", by.standing],
  };
  const { compare } = new Intl.Collator("en", { numeric: true });
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
    for (const name of names) values[name] = given.get(name) || "";
    const { per, sort } = usual(values);
    if (!sizes.includes(Number(values.per))) values.per = per;
    if (!Object.hasOwn(sorts, values.sort) || (values.sort === "best" && !values.text)) values.sort = sort;
    values.page = given.get("page") || "1";
    return values;
  };
  const address = (values, page) => {
    const query = new URLSearchParams();
    for (const name of names) if (values[name] && values[name] !== usual(values)[name]) query.set(name, values[name]);
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

  // What a text names, by the same names as the quick switcher.
  const named = async (text) => (await import(new URL(document.body.dataset.names, location.href).href)).answers(text, 40);
  const meant = (answers, rows) => {
    const at = new Map();
    for (const [id, [, path, , , , address, form]] of rows) {
      for (const each of [address || path, form]) at.set(`view/${each}.html`, id);
    }
    const home = new URL(root, location.href).pathname.replace(/index\.html$/, "");
    const found = new Map();
    for (const answer of answers) {
      const { pathname, searchParams } = new URL(answer.address);
      const address = decodeURIComponent(pathname).slice(home.length);
      const inPhase = address.match(/^phases\/(.+)\/$/), ofKind = searchParams.get("kind"), inSection = searchParams.get("section");
      const is = (id) => (inPhase ? rows.get(id)[3] === inPhase[1]
        : ofKind ? columns.kinds[columns.kind[id]][0] === ofKind
          : inSection ? columns.sections[columns.section[id]] === inSection : at.get(address) === id);
      for (const id of rows.keys()) if (!found.has(id) && is(id)) found.set(id, found.size);
    }
    return found;
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
    const [, direction, compared] = sorts[values.sort];
    const inRows = values.text || compared === by.title || compared === by.version;
    const rows = new Map(inRows ? await Promise.all(ids.map(async (id) => [id, await row(id)])) : []);
    let told = { shown: [], said: "" };
    if (values.text) {
      told = await named(values.text).catch(() => told); // without the names there are the words
      const { readAs = [], fit } = told.found || {};
      const first = fit === "near" ? new Map() : meant(told.shown, rows);
      const instead = new Map(readAs);
      const words = values.text.toLowerCase().split(/\s+/).map((word) => instead.get(word) || word);
      const text = (id) => rows.get(id).join(" ").toLowerCase();
      ids = ids.filter((id) => first.has(id) || words.every((word) => text(id).includes(word)));
      const place = (id) => first.get(id) ?? first.size;
      if (values.sort === "best") ids.sort((a, b) => place(a) - place(b) || a - b);
    }
    if (compared) {
      const keys = new Map(ids.map((id) => [id, compared(id, rows.get(id))]));
      const none = (key) => Number(key === "" || key === -1); // they come last in either direction
      const ordered = (one, other) => (typeof one === "number" ? one - other : compare(one, other));
      const sign = direction === "ascending" ? 1 : -1;
      ids.sort((a, b) => {
        const [one, other] = [keys.get(a), keys.get(b)];
        return none(one) - none(other) || sign * ordered(one, other) || a - b;
      });
    }
    return { ids, told };
  };

  const drawnRow = async (id) => {
    const [title, path, version, folder, request, address, form] = await row(id);
    const standing = columns.standings[columns.standing[id]];
    const says = columns.against?.[id] ? `, says “${columns.against[id]}”` : "";
    const number = columns.phase[id];
    const phase = element("td", { class: "num" });
    if (number >= 0) phase.append(element("a", { href: at(`phases/${encoded(folder)}/`), "aria-label": `Phase ${number}` }, String(number)));
    const when = element("td", {});
    if (columns.day[id] >= 0) when.append(element("span", { class: "day" }, inWords(columns.day[id])));
    return element("tr", {},
      element("th", { scope: "row" }, element("a", { href: at(`view/${encoded(address || path)}.html`) }, title), element("span", { class: "path" }, path)),
      element("td", {}, version, ...(form ? [" ", element("a", { href: at(`view/${encoded(form)}.html`) }, "HTML form")] : [])),
      element("td", {}, element("span", { class: `r-st r-st--${standing} r-st--sm` }, `${standing[0].toUpperCase()}${standing.slice(1)}${says}`)),
      element("td", {}, by.kind(id), ...(request ? [" ", element("span", { class: "no" }, request)] : [])), phase, when);
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
    form.dispatchEvent(new Event("filled"));
    const { ids, told } = await matching(values);
    const per = Number(values.per);
    const pages = Math.max(1, Math.ceil(ids.length / per));
    const page = /^[1-9]\d{0,8}$/.test(values.page) ? Number(values.page) : 0;
    const rows = page ? await Promise.all(ids.slice((page - 1) * per, page * per).map(drawnRow)) : [];
    if (mine !== turn) return; // a later choice has been made meanwhile
    body.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    heading.textContent = page > 1 && rows.length ? `Documents, page ${page}` : "Documents";
    form.elements.sort.options[0].disabled = !values.text;
    for (const head of heads) {
      if (head.dataset.sorts.split(" ").includes(values.sort)) head.setAttribute("aria-sort", sorts[values.sort][1]);
      else head.removeAttribute("aria-sort");
    }
    if (ids.length === 0) {
      const near = told.shown.slice(0, 3).map((answer) => element("a", { href: answer.address }, answer.name));
      say("No document matches these filters.", element("a", { href: first, "data-go": "" }, "Clear"),
        ...(near.length ? [element("span", {}, "Near it by name:"), ...near] : []));
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
    say(`Showing ${showing}`, element("span", {}, [told.said, held + sorts[values.sort][0]].filter(Boolean).join("; ")));
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
    fill(form.elements.sort, Object.entries(sorts).map(([name, [words]]) => [name, words.replace(/[;,] (current before|then).*/, "")]));
    form.elements.sort.options[0].disabled = true;
    form.elements.sort.value = "newest";
    for (const head of heads) {
      const button = element("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const [one, other] = head.dataset.sorts.split(" ");
        go(address({ ...state(), sort: state().sort === one ? other : one }, 1));
      });
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = {};
      for (const name of names) values[name] = form.elements[name].value.trim();
      if (values.sort === usual(state()).sort) values.sort = usual(values).sort;
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
