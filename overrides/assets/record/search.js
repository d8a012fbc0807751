// Search: Pagefind's index, the record's filters; the state is the URL; current before archived.
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
  let matches = [];
  let shown = 0;
  let turn = 0;

  const pagefind = await import(new URL(place.dataset.search, location.href).href);
  await pagefind.options({ excerptLength: 28, ranking: { termSaturation: 1.6, pageLength: 0.4, metaWeights: { title: 5, names: 10 } } });
  const known = await pagefind.filters();
  for (const name of filters) {
    const select = form.elements[name];
    const values = Object.entries(known[name] || {});
    values.sort(([a], [b]) => (name === "phase" ? Number(b) - Number(a) : a.localeCompare(b)));
    for (const [value, number] of values) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = `${value} (${number})`;
      select.append(option);
    }
  }
  place.hidden = false;

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
    const sections = (data.sub_results || []).filter((part) => part.anchor).slice(0, 3);
    if (sections.length) {
      const list = document.createElement("p");
      list.className = "where";
      sections.forEach((part, index) => {
        const target = document.createElement("a");
        target.href = part.url;
        target.textContent = part.title.replace(/^#\s*/, "");
        list.append(index ? " · " : "", target);
      });
      made.append(list);
    }
    return made;
  };

  const showMore = async (mine) => {
    const part = await Promise.all(matches.slice(shown, shown + step).map((match) => match.data()));
    if (mine !== turn) return;
    shown += part.length;
    results.append(...part.map(item));
    more.parentElement.hidden = shown >= matches.length;
  };

  // A name, an identifier or a number is meant as it is written: only what holds it so, where anything does.
  const asWritten = (text) => /^[^\s"]*[\d_][^\s"]*$/.test(text);
  const among = (results, others) => {
    const ids = new Set(others.map((match) => match.id));
    return results.filter((match) => ids.has(match.id));
  };

  // Current before archived; but a document that fits a name far better than any other is the one that is meant.
  const ranked = async (text, chosen) => {
    let { results } = await pagefind.search(text || null, { filters: chosen });
    const [first, second] = results;
    const meant = first && asWritten(text) && (!second || first.score > 1.5 * second.score) ? [first] : [];
    let near = false;
    if (text && !/[\s"]/.test(text)) {
      const phrase = await pagefind.search(`"${text}"`, { filters: chosen });
      near = phrase.results.length === 0 && meant.length === 0;
      if (asWritten(text) && !near) results = among(results, phrase.results);
    }
    const { results: holding } = await pagefind.search(text || null, { filters: { ...chosen, standing: "Current" } });
    const current = chosen.standing === "Archived" ? [] : among(results, holding);
    return { near, all: [...new Set([...meant, ...current, ...results])] };
  };
  const documents = (number) => `${number.toLocaleString("en")} ${number === 1 ? "document" : "documents"}`;
  const said = ({ near, all }, text) => {
    if (all.length === 0) return "Nothing found.";
    return near ? `Nothing holds “${text}” as it is written. Near it: ${documents(all.length)}` : `${documents(all.length)} found`;
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
    shown = 0;
    if (!text && Object.keys(chosen).length === 0) {
      matches = [];
      found.textContent = "";
      more.parentElement.hidden = true;
      return;
    }
    const answer = await ranked(text, chosen);
    if (mine !== turn) return;
    matches = answer.all;
    found.textContent = said(answer, text);
    await showMore(mine);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const name of ["q", ...filters]) if (form.elements[name].value.trim()) query.set(name, form.elements[name].value.trim());
    history.pushState(null, "", `?${query}`);
    run();
  });
  for (const name of filters) form.elements[name].addEventListener("change", () => form.requestSubmit());
  more.addEventListener("click", async () => {
    const at = shown;
    await showMore(turn);
    results.children[at]?.querySelector("a").focus(); // the button may be gone
  });
  addEventListener("popstate", run);
  await run();
})();
