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
  const first = 4; // a window shows hardly more; the rest of the first ten comes when it is scrolled to
  const waits = [1, 2, 4, 8, 16]; // seconds between looks for an index that is still being made
  const list = new URL(place.dataset.search, location.href);
  const settings = {
    baseUrl: new URL("..", list).pathname,
    excerptLength: 28,
    // The folder of an index names its content: nothing there has to be asked for anew.
    metaCacheTag: "0",
    ranking: { termSaturation: 1.6, pageLength: 0.4, metaWeights: { title: 5, names: 10, places: 6, parts: 3 } },
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
  const folders = (of) => of.shards.map((shard) => shard.folder).join(" ");
  const isSame = async () => {
    const answer = await fetch(list, { cache: "no-cache" }).catch(() => null);
    const now = answer && answer.ok ? await answer.json().catch(() => null) : null;
    return Boolean(now) && folders(now) === folders(told);
  };
  const told = await listed();
  if (!told) {
    place.hidden = false;
    found.textContent = "There is no search index yet.";
    place.querySelector("[data-no-index]").hidden = false;
    return;
  }
  found.textContent = "";
  const pagefind = await import(new URL("pagefind.js", list).href);
  // Its worker has the same code once more: another 12 kB before the first answer.
  await pagefind.options({ metaCacheTag: settings.metaCacheTag, noWorker: true });

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

  // What holds in place of an archived version, as its name has it: "now v0.4".
  const instead = async (url) => {
    const { href } = new URL(url, location.href);
    const { shown: [named] } = await (await import(names)).answers(href, 1);
    if (!named?.about || named.address !== href) return null;
    return Object.assign(document.createElement("a"), { href: named.more.replace("/history/", "/latest/"), textContent: named.about });
  };

  const item = (data) => {
    const made = document.createElement("li");
    const head = document.createElement("p");
    const link = document.createElement("a");
    link.href = data.url;
    link.textContent = data.meta.title || data.url;
    const standing = document.createElement("span");
    const archived = data.meta.standing === "archived";
    standing.className = `r-st r-st--${archived ? "archived" : "current"} r-st--sm`;
    standing.textContent = archived ? "Archived (read-only)" : data.meta.against ? `Current, says “${data.meta.against}”` : "Current";
    const where = document.createElement("span");
    where.className = "where";
    where.textContent = [data.meta.version, data.meta.date].filter(Boolean).join(" · ");
    head.append(link, " ", standing, " ", where);
    if (archived) instead(data.url).then((now) => now && where.append(" · ", now)).catch(() => undefined);
    const quote = document.createElement("blockquote");
    quote.append(...marked(data.excerpt.replace(/(^|\s)# /g, "$1"))); // the sign of a heading's own link
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

  // A result tells its address when it is loaded, and before that by a number (search/form.py).
  const names = new URL(document.body.dataset.names, location.href).href;
  const path = (address) => decodeURIComponent(new URL(address, location.href).pathname);
  const [home] = path(settings.baseUrl).match(/.*(?=\/)/);
  const isAt = async (match, wanted, digest) =>
    match.id.split("-")[1].replace("a", "") === String(digest(wanted.slice(home.length)) % 10_000) &&
    path((await match.data()).url) === wanted;

  // What was edited since the indexes of a preview were made is found in those that stand beside them.
  const inForce = async (matches) => {
    const outdated = (told.outdated || []).map((address) => `${home}/${address}`);
    if (!outdated.length) return matches;
    const { digest } = await import(names);
    const older = await Promise.all(
      matches.map(async (match) => {
        if (shardOf(match).startsWith("new")) return false;
        for (const address of outdated) if (await isAt(match, address, digest)) return true;
        return false;
      }),
    );
    return matches.filter((_, at) => !older[at]);
  };

  // The same is asked for more than once on the way to an answer.
  let answers = new Map();
  const search = (term, chosen = {}) => {
    const question = JSON.stringify([term, chosen, opened.size]);
    if (!answers.has(question)) {
      answers.set(question, pagefind.search(term, { filters: chosen }).then((answer) => inForce(answer.results)));
    }
    return answers.get(question);
  };

  // Results are told apart by their page: the name of its index, its number there, "a" for an archived one.
  const shardOf = (match) => match.id.split("-")[0];
  const isArchived = (match) => match.id.endsWith("a");
  const among = (some, others) => {
    const ids = new Set(others.map((match) => match.id));
    return some.filter((match) => ids.has(match.id));
  };

  // Of several indexes each answers for itself, so two things are set right here. Where nothing begins with a word,
  // Pagefind takes its longest beginning that is a word: an index without the word is left out if another holds it.
  // And it weighs a word by how rare it is in the index at hand; rare is what is rare in all of them together, or a
  // word of one phase would count less in the index that has the phase than where it is met by chance.
  const rarity = (pages, holding) => Math.log((pages - holding + 0.5) / (holding + 0.5) + 1);
  const sum = (numbers) => [...numbers].reduce((one, other) => one + other, 0);
  const perShard = async (term) => {
    const counts = new Map();
    for (const match of await search(term)) counts.set(shardOf(match), (counts.get(shardOf(match)) || 0) + 1);
    return counts;
  };
  const fair = async (text, all) => {
    const scores = new Map(all.map((match) => [match, match.score]));
    if (opened.size < 2 || !text || text.includes('"')) return { some: all, scores, loose: false };
    const terms = [...new Set(text.split(/\s+/))];
    const exactly = await Promise.all(terms.map((term) => perShard(`"${term}"`)));
    const holds = (name) => exactly.every((counts) => counts.size === 0 || counts.has(name));
    const holding = await Promise.all(terms.map(perShard));
    const whole = sum(opened.values());
    const rare = sum(holding.map((counts) => rarity(whole, sum([...counts].map(([name, n]) => (holds(name) ? n : 0))))));
    const factors = new Map();
    for (const [name, pages] of opened) {
      factors.set(name, rare / sum(holding.map((counts) => rarity(pages, counts.get(name) || 0))));
    }
    for (const match of all) scores.set(match, match.score * factors.get(shardOf(match)));
    const some = all.filter((match) => holds(shardOf(match)));
    some.sort((one, other) => scores.get(other) - scores.get(one));
    return { some, scores, loose: exactly.some((counts) => counts.size === 0) };
  };

  // A name, an identifier or a number is meant as it is written: only what holds it so, where anything does.
  const asWritten = (text) => /^[^\s"]*[\d_][^\s"]*$/.test(text);
  // The number of a section: documents that have it come before those that hold its digits.
  const numbered = (text) => /^(§\s*\d[\w.]*|\d+(\.\w+)+)$/.test(text) && `"${text.replace(/[^\w]/g, "").toLowerCase()}x"`;

  // Scripts without blanks between words are asked for by each two signs that follow each other (searched.py).
  const unparted = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
  const inPairs = (run) => {
    const signs = [...run];
    return signs.length < 3 ? run : signs.slice(1).map((sign, at) => signs[at] + sign).join(" ");
  };

  // Current before archived; but a document that fits a name far better than any other is the one that is meant.
  const ranked = async () => {
    const { standing, ...chosen } = asked.chosen;
    const { text } = asked;
    const wanted = (match) => !standing || isArchived(match) === (standing === "Archived");
    const find = async (term) => (await search(term, chosen)).filter(wanted);
    // "v0_3", "v0.3" and "0.3" are one version: the index has it as v03.
    const version = /(^|\s)v(\d+(?:[._]\d+){1,2})(?=\s|$)/gi;
    let words = text.replace(version, (_, before, numbers) => `${before}v${numbers.replace(/[._]/g, "")}`);
    words = words.replace(unparted, (run) => ` ${inPairs(run)} `).trim();
    const said = words;
    let all = await find(words || null);
    // Of a name that nothing holds, what its beginning finds.
    while (all.length === 0 && allOpened() && asWritten(text) && /[^-._][-._]/.test(words)) {
      words = words.replace(/[-._]+[^-._]*$/, "");
      all = await find(words);
    }
    const { some, scores, loose } = await fair(words, all);
    all = some;
    const [best, second] = all;
    const clear = best && (!second || scores.get(best) > 1.5 * scores.get(second));
    const meant = clear && words === said && asWritten(said) ? [best] : [];
    let near = false;
    if (text && !/[\s"]/.test(text) && text.search(unparted) < 0) {
      const phrase = await find(`"${said}"`);
      near = phrase.length === 0 && meant.length === 0;
      if (asWritten(text) && !near) all = among(all, phrase);
    }
    if (numbered(text)) all = [...new Set([...among(all, await find(numbered(text))), ...all])];
    const current = all.filter((match) => !isArchived(match));
    return { near, loose, all: [...new Set([...(numbered(text) ? [] : meant), ...current, ...all])] };
  };

  // What names a version may mean an archived one. Else archived versions come after the current ones anyway: they are
  // searched when nothing current has the words, when they are few, or when they are asked for.
  const answered = async () => {
    const { standing } = asked.chosen;
    if (standing !== "Archived") await open("current", "all");
    if (standing !== "Current" && (standing || /v\d/i.test(asked.text))) await open("archived", "all");
    const answer = await ranked();
    const enough = answer.all.length > (closed(["archived"]).length > 2 ? 0 : step) && !answer.loose;
    if (standing || allOpened() || enough) return answer;
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

  const grow = async (mine) => {
    if (shown === matches.length && isPart()) {
      await open("archived");
      const { all } = await ranked();
      const ids = new Set(matches.map((match) => match.id));
      if (mine !== turn) return;
      matches = [...matches, ...all.filter((match) => !ids.has(match.id))];
      found.textContent = `${documents(matches.length)} found`;
    }
    const until = shown ? (Math.floor(shown / step) + 1) * step : first;
    const part = await Promise.all(matches.slice(shown, until).map((match) => match.data()));
    if (mine !== turn) return;
    shown += part.length;
    results.append(...part.map(item));
    more.textContent = shown < matches.length ? "Show more" : "Search archived versions";
    more.parentElement.hidden = shown >= matches.length && !isPart();
  };
  // Asked for by the button and by scrolling to it, perhaps at once.
  let growing = { mine: 0, done: null };
  const showMore = (mine) => {
    if (growing.mine !== mine || !growing.done) {
      const now = { mine, done: grow(mine).finally(() => (now.done = null)) };
      growing = now;
    }
    return growing.done;
  };

  // What is named so stands above what holds the words.
  const card = place.querySelector("[data-answers]");
  const nothing = place.querySelector("[data-nothing]");
  const answer = async (text, mine) => {
    card.hidden = true;
    if (!text) return [];
    const { answers: named, parts } = await import(names);
    const { found: how, shown: given, said: words } = await named(text, 5);
    if (mine !== turn) return [];
    card.hidden = given.length === 0;
    card.querySelector("h2").textContent = how.sure ? "Named so" : how.fit === "near" ? "Near it by name" : "It may mean";
    card.querySelector("[data-answers-said]").textContent = words;
    const link = (href, said) => Object.assign(document.createElement("a"), { href, textContent: said });
    const lines = given.map((each) => {
      const made = document.createElement("li");
      made.append(link(each.address, each.name), ...parts(each));
      if (each.more) made.append(link(each.more, "All versions"));
      return made;
    });
    card.querySelector("ul").replaceChildren(...lines);
    return how.fit === "named" || (how.fit === "words" && how.ranks.length <= given.length) ? given : [];
  };
  // Among what holds the words, the documents that are named come first.
  const namedFirst = async (all, given) => {
    if (!given.length) return all;
    const { digest } = await import(names);
    const first = [];
    for (const wanted of given.map(({ address }) => path(address))) {
      for (const match of all) if (await isAt(match, wanted, digest)) first.push(match);
    }
    return [...new Set([...first, ...all])];
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
    form.dispatchEvent(new Event("filled"));
    results.replaceChildren();
    more.parentElement.hidden = true;
    asked = { text, chosen };
    answers = new Map();
    matches = [];
    shown = 0;
    found.textContent = "";
    nothing.hidden = true;
    const named = answer(text, mine).catch(() => []); // without the names there is the search
    if (!text && Object.keys(chosen).length === 0) return;
    const holding = await answered();
    const all = await namedFirst(holding.all, await named);
    if (mine !== turn) return;
    // Pagefind takes a part of an index that is gone for one without a match.
    if (mine > 1 && !(await isSame())) throw new Error("another release");
    matches = all;
    found.textContent = said(holding);
    nothing.hidden = matches.length > 0;
    if (matches.length) await showMore(mine);
  };
  // An index that was opened by an earlier release of the site may be gone.
  const tried = (work) =>
    work.catch(() => {
      found.textContent = "The record has changed since this page was loaded. Load it again to search it.";
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
  new IntersectionObserver((seen) => {
    if (seen.some((each) => each.isIntersecting) && shown % step && shown < matches.length) tried(showMore(turn));
  }).observe(more.parentElement);
  addEventListener("popstate", () => tried(run()));
  place.hidden = false;
  await tried(run());
})();
