// Search: Pagefind's indexes, the record's filters; the state is the URL; current before archived.
"use strict";
(async () => {
  const place = document.querySelector("[data-search]");
  if (!place) return;
  const form = place.querySelector("form");
  const found = place.querySelector("[data-found]");
  const results = place.querySelector("[data-results]");
  const more = place.querySelector("[data-more]");
  const filters = ["standing", "kind", "phase", "section"];
  const step = 10;
  const waits = [1, 2, 4, 8, 16]; // seconds between looks for an index that is still being made
  const list = new URL(place.dataset.search, location.href);
  const settings = {
    baseUrl: new URL("..", list).pathname,
    excerptLength: 28,
    // The folder of an index names its content: nothing there has to be asked for anew.
    metaCacheTag: "0",
    ranking: { termSaturation: 1.6, pageLength: 0.4, metaWeights: { title: 5, names: 10, places: 6 } },
  };
  const opened = new Map(); // the indexes that are searched: name → number of pages
  let asked = { text: "", chosen: {} };
  let matches = [];
  let shown = 0;
  let turn = 0;

  const listed = async () => {
    for (const wait of [...waits, 0]) {
      const answer = await fetch(list, { cache: "no-cache" }).catch(() => null);
      const told = answer && answer.ok ? await answer.json().catch(() => null) : null;
      if (told || !wait) return told;
      found.textContent = "The search index is being made …";
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  };
  const told = await listed();
  place.hidden = false;
  if (!told) {
    found.textContent = "There is no search index yet.";
    place.querySelector("[data-no-index]").hidden = false;
    return;
  }
  found.textContent = "";
  const pagefind = await import(new URL("pagefind.js", list).href);
  await pagefind.options({ metaCacheTag: settings.metaCacheTag });

  // A small record has one index; of a larger one, those of archived versions are opened when they are asked for.
  const closed = (holds) => told.shards.filter((shard) => holds.includes(shard.holds) && !opened.has(shard.name));
  const open = (...holds) =>
    Promise.all(
      closed(holds).map((shard) => {
        opened.set(shard.name, shard.pages);
        return pagefind.mergeIndex(new URL(shard.folder, list).pathname, settings);
      }),
    );
  const allOpened = () => closed(["archived", "current", "all"]).length === 0;

  for (const name of filters) {
    const select = form.elements[name];
    const values = Object.entries(told.filters[name] || {});
    values.sort(([a], [b]) => (name === "phase" ? Number(b) - Number(a) : a.localeCompare(b)));
    for (const [value, number] of values) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = `${value} (${number})`;
      select.append(option);
    }
  }

  // The words that were found are marked; whatever else looks like markup in an excerpt is text.
  const marked = (excerpt) => {
    const read = new DOMParser().parseFromString(excerpt, "text/html");
    return [...read.body.childNodes].map((node) => {
      if (node.nodeName !== "MARK") return document.createTextNode(node.textContent);
      const mark = document.createElement("mark");
      mark.textContent = node.textContent;
      return mark;
    });
  };

  // Up to three places of a document: those whose heading has the words first.
  const spaced = (text) => ` ${text.toLowerCase().replace(/[.:,;]*(\s+|$)/g, " ").trim()} `;
  const sections = (data) => {
    const parts = (data.sub_results || []).filter((part) => part.anchor);
    const titled = parts.filter((part) => spaced(part.title).includes(spaced(asked.text.replace("§", ""))));
    return [...new Set([...titled, ...parts])].slice(0, 3);
  };

  const item = (data) => {
    const made = document.createElement("li");
    const head = document.createElement("p");
    head.className = "r-cites__head";
    const link = document.createElement("a");
    link.href = data.url;
    link.textContent = data.meta.title || data.url;
    const standing = document.createElement("span");
    const archived = data.meta.standing === "archived";
    standing.className = `r-st r-st--${archived ? "archived" : "current"} r-st--sm`;
    standing.textContent = archived ? "Archived (read-only)" : "Current";
    const where = document.createElement("span");
    where.className = "where";
    where.textContent = [data.meta.version, data.meta.date].filter(Boolean).join(" · ");
    head.append(link, " ", standing, " ", where);
    const quote = document.createElement("blockquote");
    quote.append(...marked(data.excerpt));
    made.append(head, quote);
    const places = sections(data);
    if (places.length) {
      const line = document.createElement("p");
      line.className = "where";
      places.forEach((part, index) => {
        const target = document.createElement("a");
        target.href = part.url;
        target.textContent = part.title.replace(/^#\s*/, "");
        line.append(index ? " · " : "", target);
      });
      made.append(line);
    }
    return made;
  };

  // Results are told apart by their page: the name of its index, its number there, "a" for an archived one.
  const shardOf = (match) => match.id.split("-")[0];
  const isArchived = (match) => match.id.endsWith("a");
  const among = (some, others) => {
    const ids = new Set(others.map((match) => match.id));
    return some.filter((match) => ids.has(match.id));
  };

  // Pagefind weighs a word by how rare it is in the index at hand. Rare is what is rare in all of them together:
  // without this, a word of one phase counts less in the index that has the phase than where it is met by chance.
  const rarity = (pages, holding) => Math.log((pages - holding + 0.5) / (holding + 0.5) + 1);
  const sum = (numbers) => [...numbers].reduce((one, other) => one + other, 0);
  const perShard = (some) => {
    const counts = new Map();
    for (const match of some) counts.set(shardOf(match), (counts.get(shardOf(match)) || 0) + 1);
    return counts;
  };
  const weighed = async (text, chosen, some) => {
    if (opened.size < 2 || !text || text.includes('"')) return some;
    const terms = [...new Set(text.split(/\s+/))];
    const alone = terms.length === 1 && Object.keys(chosen).length === 0;
    const holding = await Promise.all(
      terms.map(async (term) => perShard(alone ? some : (await pagefind.search(term)).results)),
    );
    const pages = sum(opened.values());
    const whole = sum(holding.map((counts) => rarity(pages, sum(counts.values()))));
    const factors = new Map();
    for (const [name, own] of opened) {
      factors.set(name, whole / sum(holding.map((counts) => rarity(own, counts.get(name) || 0))));
    }
    for (const match of some) match.score *= factors.get(shardOf(match)) || 1;
    return some.sort((one, other) => other.score - one.score);
  };

  // A name, an identifier or a number is meant as it is written: only what holds it so, where anything does.
  const asWritten = (text) => /^[^\s"]*[\d_][^\s"]*$/.test(text);
  // The number of a section: documents that have it come before those that hold its digits.
  const numbered = (text) => /^(§\s*\d[\w.]*|\d+(\.\w+)+)$/.test(text) && `"${text.replace(/[^\w]/g, "").toLowerCase()}x"`;

  // Current before archived; but a document that fits a name far better than any other is the one that is meant.
  const ranked = async () => {
    const { standing, ...chosen } = asked.chosen;
    const { text } = asked;
    const wanted = (match) => !standing || isArchived(match) === (standing === "Archived");
    const search = async (term) => (await pagefind.search(term, { filters: chosen })).results.filter(wanted);
    let words = text;
    let all = await search(words || null);
    // Of a name that nothing holds, what its beginning finds.
    while (all.length === 0 && allOpened() && asWritten(text) && /[^-._][-._]/.test(words)) {
      words = words.replace(/[-._]+[^-._]*$/, "");
      all = await search(words);
    }
    all = await weighed(words, asked.chosen, all);
    const [first, second] = all;
    const clear = first && (!second || first.score > 1.5 * second.score);
    const meant = clear && words === text && asWritten(text) ? [first] : [];
    let near = false;
    if (text && !/[\s"]/.test(text)) {
      const phrase = await search(`"${text}"`);
      near = phrase.length === 0 && meant.length === 0;
      if (asWritten(text) && !near) all = among(all, phrase);
    }
    if (numbered(text)) all = [...new Set([...among(all, await search(numbered(text))), ...all])];
    const current = all.filter((match) => !isArchived(match));
    return { near, all: [...new Set([...(numbered(text) ? [] : meant), ...current, ...all])] };
  };

  // What names a version may mean an archived one. Else archived versions come after the current ones anyway, and
  // are searched when these do not fill a page.
  const answered = async () => {
    const { standing } = asked.chosen;
    if (standing !== "Archived") await open("current", "all");
    if (standing !== "Current" && (standing || /v\d/i.test(asked.text))) await open("archived", "all");
    const answer = await ranked();
    if (standing || allOpened() || (answer.all.length > step && !answer.near)) return answer;
    await open("archived");
    return ranked();
  };

  const isPart = () => !asked.chosen.standing && !allOpened();
  const documents = (number, kind = "") => `${number.toLocaleString("en")} ${kind}${number === 1 ? "document" : "documents"}`;
  const said = ({ near, all }) => {
    if (all.length === 0) return "Nothing found.";
    if (near) return `Nothing holds “${asked.text}” as it is written. Near it: ${documents(all.length)}`;
    return isPart() ? `${documents(all.length, "current ")} found, archived versions follow` : `${documents(all.length)} found`;
  };

  const showMore = async (mine) => {
    if (shown === matches.length && isPart()) {
      await open("archived");
      const { all } = await ranked();
      const ids = new Set(matches.map((match) => match.id));
      if (mine !== turn) return;
      matches = [...matches, ...all.filter((match) => !ids.has(match.id))];
      found.textContent = `${documents(matches.length)} found`;
    }
    const part = await Promise.all(matches.slice(shown, shown + step).map((match) => match.data()));
    if (mine !== turn) return;
    shown += part.length;
    results.append(...part.map(item));
    more.textContent = shown < matches.length ? "Show more" : "Search archived versions";
    more.parentElement.hidden = shown >= matches.length && !isPart();
  };

  const run = async () => {
    const mine = (turn += 1);
    const given = new URLSearchParams(location.search);
    const text = (given.get("q") || "").trim();
    form.elements.q.value = text;
    const header = document.getElementById("r-q");
    if (header) header.value = text;
    const chosen = {};
    for (const name of filters) {
      form.elements[name].value = given.get(name) || "";
      if (given.get(name)) chosen[name] = given.get(name);
    }
    results.replaceChildren();
    more.parentElement.hidden = true;
    asked = { text, chosen };
    matches = [];
    shown = 0;
    found.textContent = "";
    if (!text && Object.keys(chosen).length === 0) return;
    const answer = await answered();
    if (mine !== turn) return;
    matches = answer.all;
    found.textContent = said(answer);
    if (matches.length) await showMore(mine);
  };
  // An index that was opened by an earlier release of the site may be gone.
  const tried = (work) =>
    work.catch(() => {
      found.textContent = "The search index has changed. Load this page again.";
    });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const name of ["q", ...filters]) if (form.elements[name].value.trim()) query.set(name, form.elements[name].value.trim());
    history.pushState(null, "", `?${query}`);
    tried(run());
  });
  for (const name of filters) form.elements[name].addEventListener("change", () => form.requestSubmit());
  more.addEventListener("click", async () => {
    const at = shown;
    await tried(showMore(turn));
    results.children[at]?.querySelector("a").focus(); // the button may be gone
  });
  addEventListener("popstate", () => tried(run()));
  await tried(run());
})();
