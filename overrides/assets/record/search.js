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
  await pagefind.options({ excerptLength: 28, ranking: { termSaturation: 1.6, pageLength: 0.4 } });
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

  // A name, an identifier or a number is meant as it is written: the phrase comes first.
  const exact = (text) => (/^[^\s"]*[\d_][^\s"]*$/.test(text) ? `"${text}"` : text);

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
      found.textContent = "";
      more.parentElement.hidden = true;
      return;
    }
    let answer = await pagefind.search(text ? exact(text) : null, { filters: chosen });
    if (answer.results.length === 0 && exact(text) !== text) answer = await pagefind.search(text, { filters: chosen });
    const current = await pagefind.search(text ? exact(text) : null, { filters: { ...chosen, standing: "Current" } });
    if (mine !== turn) return;
    const holds = new Set(current.results.map((match) => match.id));
    matches = [...answer.results.filter((match) => holds.has(match.id)), ...answer.results.filter((match) => !holds.has(match.id))];
    found.textContent = matches.length === 0 ? "Nothing found." : `${matches.length.toLocaleString("en")} ${matches.length === 1 ? "document" : "documents"} found`;
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
  more.addEventListener("click", () => showMore(turn));
  addEventListener("popstate", run);
  await run();
})();
