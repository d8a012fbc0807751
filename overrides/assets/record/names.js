// What a text names: the look-up of plugins/loomworks_record/asking over its published parts, and the quick switcher.
// What is changed here is changed there; the cases of tests/data/asked.tsv hold them together.
const base = { url: null, home: "", table: null };
const loaded = new Map();
const load = (name) => {
  if (!loaded.has(name)) {
    loaded.set(name, fetch(new URL(name, base.url)).then((answer) => {
      if (!answer.ok) throw new Error(name);
      return answer.json();
    }));
    loaded.get(name).catch(() => loaded.delete(name));
  }
  return loaded.get(name);
};

/** Begin with the table of the site. */
export const begin = async () => {
  base.home = new URL(document.body.dataset.root, location.href).href.replace(/index\.html$/, "");
  base.url = new URL("search/names/table.json", base.home);
  base.table = await load("table.json");
};

// Words: asking/words.py

const version = (spelt, bare, [, said, plain, letter]) => {
  let written = said || plain;
  if (/^0[0-9]+$/.test(written)) written = `0.${written.slice(1)}`;
  const numbers = written.split(/[ ._]/).map((number) => String(Number(number)));
  while (numbers.length > 1 && numbers.at(-1) === "0") numbers.pop();
  const made = `v${numbers.join(".")}${letter}`;
  if (!said) bare.add(made);
  return made;
};
const one = (word) => {
  if (/^[0-9]+$/.test(word)) return word.replace(/^0+/, "") || "0";
  let made = word.replace(/(?<=^\p{L})0+(?=[0-9])/u, "");
  if (made.length > 2 && made.endsWith("s") && !made.endsWith("ss") && /^\p{L}+$/u.test(made)) {
    made = word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  }
  return Object.hasOwn(base.table.same, made) ? base.table.same[made] : made;
};
const words = (text) => {
  const found = [];
  for (const piece of text.split(/\s+/).filter(Boolean)) {
    if (/^v[0-9.]+[a-z]?$/.test(piece)) found.push(piece);
    else {
      for (const word of piece.match(/§[0-9a-z.]+|[\p{L}\p{N}]+/gu) || []) {
        const parts = word.match(/^(\p{L}{3,})([0-9].*)$/u);
        found.push(...(parts ? parts.slice(1) : [word]).map(one));
      }
    }
  }
  const glued = [];
  for (const word of found) {
    if (glued.at(-1) === "phase" && /^[0-9]+$/.test(word)) glued[glued.length - 1] = `phase${word}`;
    else glued.push(word);
  }
  return glued;
};
const folded = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\\(?=[a-z0-9])/g, "/")
    .replace(/[\u00ad\u200b\u2060\\]/g, "");
const decoded = (text) => {
  try { return decodeURIComponent(text); } catch { return text; } // a malformed escape is taken as it came
};
const unpathed = (text) => {
  const [whole, anchor = ""] = text.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/, "").split(/#(.*)/s);
  const path = folded(decoded(whole.split("?")[0]))
    .replace(/[-/]v?[0-9][0-9_.]*?[a-z]*(?:-to-|\.\.\.?|\u2026)(?=v?[0-9])/g, "-");
  const beside = /^(?:index\.html?|context\.md|print\.html|feed\.atom|page-[0-9]+|archive|\.*)$/;
  let parts = path.split("/").filter((part) => !beside.test(part));
  if (parts.length > 1 && base.table.forms.includes(parts[0])) parts = parts.slice(1);
  const section = anchor.match(/^s([0-9]+(?:-[0-9a-z]+)*)$/);
  return [parts.at(-1) || "", parts.slice(0, -1).join(" "), section ? section[1].replaceAll("-", ".") : ""];
};
const spellings = new RegExp(
  "(?:(?:(?<![a-z0-9])|(?<=[0-9])(?=v[0-9]+[._][0-9]))v(?:ersion|er)?[ ._]?(0 [0-9]{1,3}(?![0-9._])|[0-9]{1,4}(?:[._][0-9]{1,4}){0,2})" +
    "|(?<![a-z0-9.])([0-9]{1,4}[._][0-9]{1,4}(?:[._][0-9]{1,4})?))((?:[a-z](?![a-z0-9]))?)",
  "g",
);
const read = (text) => {
  const around = " \\t\\n<>\"'`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb(){},;\\[\\]";
  const whole = folded(text);
  const [within] = /(?<=\s)[a-z][a-z0-9+.-]*:\/\/\S+/.exec(whole) || [whole];
  const given = within.replace(new RegExp(`^[${around}]+|[.${around}]+$`, "g"), "");
  const isPath = given.includes("/") && (!/\s/.test(given) || /^(?:[a-z][a-z0-9+.-]*:)?[/~.]/.test(given));
  const question = isPath && /[?&](?:q|text)=([^&#]+)/.exec(given);
  if (question) return read(decoded(question[1].replaceAll("+", " ")));
  let [plain, folders, section] = isPath ? unpathed(given) : [given, "", ""];
  const found = /(?:§+|\bsection|\bsec\.)\s*([0-9]+(?:\.[0-9a-z]+)*)/.exec(plain);
  if (found) {
    plain = `${plain.slice(0, found.index)} ${plain.slice(found.index + found[0].length)}`;
    section = found[1];
  }
  plain = plain.replace(/\.(?:md|html?|link|atom)(?=$|[\s.#?])/g, " ");
  const bare = new Set();
  const spelt = plain.replace(spellings, (...match) => ` ${version(match[0], bare, match)} `);
  const joined = (plain.match(/[\p{L}\p{N}]/gu) || []).join("");
  const plural = !isPath && /\p{L}(?!s)\p{L}s[^\p{L}\p{N}_]*$/u.test(plain);
  return { words: words(spelt), joined, folders: words(folders), section, bare, plural };
};
/** A number that tells in which part a word stands, and which result of a search an address is. */
export const digest = (text) => {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
};
const distance = (some, other, most) => {
  if (Math.abs(some.length - other.length) > most) return most + 1;
  let earlier = [], before = [], row = [...Array(other.length + 1).keys()];
  for (let at = 1; at <= some.length; at += 1) {
    [earlier, before, row] = [before, row, [at]];
    for (let place = 1; place <= other.length; place += 1) {
      const wrong = some[at - 1] === other[place - 1] ? 0 : 1;
      let cost = Math.min(before[place] + 1, row[place - 1] + 1, before[place - 1] + wrong);
      if (at > 1 && place > 1 && some[at - 1] === other[place - 2] && some[at - 2] === other[place - 1]) {
        cost = Math.min(cost, earlier[place - 2] + 1);
      }
      row.push(cost);
    }
  }
  return Math.min(row.at(-1), most + 1);
};

// The table: asking/table.py, asking/files.py

const plain = /^[a-z]\p{L}{2,}$/u;
const stepped = (steps) => {
  const ranks = [];
  let rank = -2;
  for (const step of steps) {
    if (step > 0) ranks.push((rank += step));
    else for (let more = step; more < 0; more += 1) ranks.push((rank += 1));
  }
  return ranks;
};
// The number of the last file of words that begins at a text or before it.
const place = (sought) => {
  const { starts } = base.table;
  let [low, high] = [0, starts.length];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= sought) low = middle;
    else high = middle;
  }
  return low;
};
const postings = async (word) => {
  const held = await load(`words-${place(plain.test(word) ? word : `{${word}`)}.json`); // words of letters stand first
  return Object.hasOwn(held, word) ? stepped(held[word]) : null;
};
// The words that one which is not written to its end may be.
const longer = async (word) => {
  const found = [];
  if (!/^[a-z]\p{L}*$/u.test(word)) return found;
  for (let at = place(word); found.length < 40 && (base.table.starts[at] ?? "{") < `${word}\uffff`; at += 1) {
    const held = Object.keys(await load(`words-${at}.json`));
    found.push(...held.filter((other) => other.startsWith(word) && plain.test(other)));
  }
  return found.slice(0, 40);
};
const keyed = async (key) => {
  const held = await load(`keys-${digest(key.replace(/^=/, "")) % base.table.parts}.json`);
  return stepped(held[digest(key)] || []);
};
const vocabulary = (letter) => (base.table.letters.includes(letter) ? load(`spelt-${letter}.json`) : []);
const entry = async (rank) => {
  const per = base.table.per_file;
  const rows = await load(`entries-${Math.floor(rank / per)}.json`);
  const [what, name, address, version, standing, about, more, sections] = rows[rank % per];
  const [at, all] = [base.home + address, more && base.home + more];
  return { what, name, address: at, version, standing, about, more: all, sections: sections.split(" ").filter(Boolean) };
};
const ascending = (ranks) => [...new Set(ranks)].sort((a, b) => a - b);

// Looking up: asking/look.py

const none = { ranks: [], fit: "", sure: false, readAs: [], missing: [], section: "" };
const named = async (asked) => {
  const last = asked.words.at(-1);
  const held = last && (await postings(last));
  if (!last || (!held && (await longer(last)).length)) return [];
  const spelt = asked.words.length <= 3 ? await keyed(`=${asked.joined}`) : [];
  const key = [...new Set(asked.words)].sort().join(" ");
  return ascending([...(held || last[0] === "v" ? await keyed(key) : []), ...spelt]);
};
const fitting = async (asked, ranks, fit, sure = true) => {
  let inside = asked.folders.length ? ranks : [];
  for (const word of asked.folders) {
    const having = new Set((await postings(word)) || []);
    inside = inside.filter((rank) => having.has(rank));
  }
  const chosen = [...(inside.length ? inside : ranks)];
  const single = chosen.filter((rank) => rank < base.table.bounds[1]).length;
  if (asked.plural && single > 1 && single < chosen.length) {
    const { what, name } = await entry(chosen[single]);
    if (what !== "kind" || !name.endsWith("s")) chosen.push(...chosen.splice(0, single));
  }
  const { sections } = await entry(chosen[0]);
  const lacks = asked.section && sections.length && !sections.includes(asked.section);
  const clear = sure && !lacks && (single === 1 || (!single && fit === "named"));
  return { ...none, ranks: chosen, fit, sure: clear, section: asked.section };
};
const mistyped = async (word) => {
  const most = word.length > 7 ? 2 : Number(word.length > 3);
  if (!most || !/^\p{L}+$/u.test(word)) return "";
  const ranked = (await vocabulary(word[0]))
    .map(([other, count]) => [distance(word, other, most), -count, other])
    .filter(([far]) => far <= most)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
  return ranked.length ? ranked[0][2] : "";
};

/** What ``text`` means: ranks, how they fit, and whether it is clear. */
export const look = async (text) => {
  if (!base.table) await begin();
  const asked = read(text);
  let found = await named(asked);
  if (found.length) return fitting(asked, found, "named");
  const telling = asked.words.filter((word) => !base.table.fillers.includes(word));
  found = telling.length < asked.words.length ? await named({ words: telling, joined: "" }) : [];
  if (!telling.length) found = ascending((await Promise.all([...new Set(asked.words)].map(keyed))).flat());
  if (found.length) return fitting(asked, found, "named");
  return byWords(asked, asked.words);
};
const split = async (word) => {
  const [, letters, number] = word.match(/^(\p{L}\p{L})([0-9]+)$/u) || [];
  if (letters && (await postings(letters))) return `${letters} ${number}`;
  const other = base.table.ordinals[word] || word.replace(/^v?(?=[0-9]+$)/, "v0.");
  return other !== word && (await postings(other)) ? other : "";
};
const byWords = async (asked, asks) => {
  let { section } = asked;
  const said = [], kept = [], begun = [], readAs = [], missing = [];
  for (const word of new Set(asks)) {
    const ranks = await postings(word);
    if (!ranks && base.table.fillers.includes(word)) continue;
    said.push(word);
    if (ranks) {
      kept.push(ranks);
      continue;
    }
    const meant = (await split(word)) || (await mistyped(word));
    let others = word.length > 1 ? await longer(word) : [];
    if (others.length === 1 && others[0] === "phase") others = []; // which is one word with its number
    if (asked.bare.has(word) && !section) section = word.replace(/^v/, "");
    else if (others.length) {
      begun.push((await Promise.all(others.map(postings))).flat());
    } else if (meant) readAs.push([word, meant]);
    else {
      missing.push(word);
      if (/^phase[0-9]+$/.test(word)) begun.push(await keyed("phase"));
    }
  }
  if (readAs.length) {
    const instead = new Map(readAs);
    const again = await look(said.map((word) => instead.get(word) || word).join(" ") + (section ? ` §${section}` : ""));
    return { ...again, sure: false, readAs: [...readAs, ...again.readAs] };
  }
  const sets = [...kept, ...begun].map((ranks) => new Set(ranks));
  const [versions, lists] = base.table.bounds;
  const saysVersion = said.some((word) => /^v\d/.test(word)) || said.includes("archived");
  const meant = (rank) => saysVersion || rank < versions || rank >= lists;
  const counted = new Map();
  for (const set of sets) for (const rank of set) if (meant(rank)) counted.set(rank, (counted.get(rank) || 0) + 1);
  const most = Math.max(...counted.values(), 0);
  const best = ascending([...counted.keys()].filter((rank) => counted.get(rank) === most));
  const isBegun = begun.length > 0;
  if (best.length && most === sets.length && !missing.length) {
    return { ...(await fitting({ ...asked, section }, best, "words", !isBegun)), isBegun };
  }
  const telling = said.filter((word) => !base.table.fillers.includes(word));
  if (telling.length && telling.length < said.length) return byWords(asked, telling);
  return { ...none, ranks: best, fit: best.length ? "near" : "", missing, section, isBegun };
};

/** At most ``most`` answers to ``text``, as pages show them, and how they were found; none where a question that is not
 * written to its end, or of which something is missing, has more than ``vague``. */
export const answers = async (text, most, vague = Infinity) => {
  const found = await look(text);
  const told = (found.isBegun || found.fit === "near") && found.ranks.length > vague ? 0 : most;
  const entries = await Promise.all(found.ranks.slice(0, told).map(entry));
  const taken = found.readAs.map(([word, meant]) => `“${word}” read as “${meant}”`);
  if (found.missing.length) taken.push(`nothing has ${found.missing.map((word) => `“${word}”`).join(" and ")}`);
  const shown = entries.map((each) => {
    const has = found.section && each.sections.includes(found.section);
    return has
      ? { ...each, what: "section", name: `${each.name} §${found.section}`,
          address: `${each.address}#s${found.section.replaceAll(".", "-")}` }
      : each;
  });
  return { found, shown, said: taken.join("; ") };
};

const labels = { chain: "Document", version: "Version", kind: "List", section: "Section", register: "Register" };
/** The parts of one answer: its name, and in words what it is. */
export const parts = (answer) => {
  const span = (text, name) => Object.assign(document.createElement("span"), { textContent: text, className: name });
  const made = [];
  if (answer.standing) {
    const word = answer.standing === "archived" ? "Archived" : "Current";
    made.push(span(word, `r-st r-st--${answer.standing} r-st--sm`));
  }
  const what = labels[answer.what] || answer.what[0].toUpperCase() + answer.what.slice(1);
  const version = answer.version && !`${answer.name} ${answer.about}`.includes(`v${answer.version}`) ? `v${answer.version}` : "";
  made.push(span([what, version, answer.about].filter(Boolean).join(" · "), "where"));
  return made;
};

// The quick switcher

/** A dialog that leads to what is typed: arrows, Enter, Escape. */
export const openSwitcher = () => {
  const dialog = Object.assign(document.createElement("dialog"), { className: "r-switch" });
  dialog.setAttribute("aria-label", "Go to");
  dialog.innerHTML =
    '<label for="r-go">Go to a document, phase, number or identifier</label>' +
    '<input class="r-field" id="r-go" type="text" role="combobox" autocomplete="off" spellcheck="false" ' +
    'aria-expanded="false" aria-controls="r-go-list" aria-autocomplete="list">' +
    '<ul id="r-go-list" role="listbox" aria-label="What it may mean"></ul>' +
    '<p class="r-switch__said" role="status"></p>';
  const [field, list, status] = [dialog.querySelector("input"), dialog.querySelector("ul"), dialog.querySelector("p")];
  const before = document.activeElement;
  let options = [];
  let at = -1;
  let turn = 0;
  const choose = (number) => {
    at = number;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) {
      field.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };
  const go = (option) => location.assign(option.dataset.href);
  const searched = () => `${base.home}search/?q=${encodeURIComponent(field.value.trim())}`;
  const option = (href, name, more) => {
    const made = Object.assign(document.createElement("li"), { id: `r-go-${options.length}` });
    made.setAttribute("role", "option");
    made.dataset.href = href;
    made.append(Object.assign(document.createElement("b"), { textContent: name }), ...more);
    made.addEventListener("click", () => go(made));
    options.push(made);
  };
  const ask = async () => {
    const mine = (turn += 1);
    const text = field.value.trim();
    const { found, shown, said } = text ? await answers(text, 8, 50) : { found: none, shown: [], said: "" };
    if (mine !== turn) return;
    options = [];
    for (const answer of shown) option(answer.address, answer.name, parts(answer));
    if (text) option(searched(), `Search the texts for “${text}”`, []);
    list.replaceChildren(...options);
    field.setAttribute("aria-expanded", String(options.length > 0));
    choose(options.length ? 0 : -1);
    const count = `${shown.length} of ${found.ranks.length}`;
    const otherwise = found.ranks.length ? `${found.ranks.length} that it may mean; type on.` : "Nothing has that name.";
    const how = !shown.length ? otherwise : found.sure ? "One answer." : `${count} that it may mean.`;
    status.textContent = text ? [how, said].filter(Boolean).join(" ") : "";
  };
  field.addEventListener("input", () => ask().catch(() => (status.textContent = "The names could not be loaded.")));
  dialog.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && options.length) {
      event.preventDefault();
      choose((at + moves[event.key] + options.length) % options.length);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (options[at]) go(options[at]);
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
};
