#!/usr/bin/env bash
# Versions are sorted "naturally", so that 0.10 comes after 0.9: six packages that promise such an order, on versions with a "v" before
# them and without.
#
# Expected: one order; the "v" stands before all of them.
# Seen (natural-orderby 5.0.0, javascript-natural-sort 0.7.1, natural-sort 1.0.0): with a "v" 0.2, 0.9, 0.10. Without it 0.10, 0.2, 0.9: a text
#   that could be a number is one, and 0.10 and 0.1 are equal. So "the last one" is v0.10 in one list and 0.9 in the other.
#   natural-compare 1.4.0, string-natural-compare 3.0.1, alphanum-sort 1.1.0 and Intl.Collator keep 0.2, 0.9, 0.10 in both.
# What follows: versions are sorted by their parts as numbers, and "natural" order is tried on texts that are nothing but a version.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit natural-orderby@5.0.0 javascript-natural-sort@0.7.1 natural-sort@1.0.0 natural-compare@1.4.0 \
  string-natural-compare@3.0.1 alphanum-sort@1.1.0 >/dev/null
cat >ask.cjs <<'JS'
(async () => {
  const { orderBy } = await import("natural-orderby");
  const by = (compare) => (given) => [...given].sort(compare);
  const programs = {
    "natural-orderby": (given) => orderBy(given),
    "javascript-natural-sort": by(require("javascript-natural-sort")),
    "natural-sort": by(require("natural-sort")()),
    "natural-compare": by(require("natural-compare")),
    "string-natural-compare": by(require("string-natural-compare")),
    "alphanum-sort": (given) => require("alphanum-sort")([...given]),
    "Intl.Collator": by(new Intl.Collator("en", { numeric: true }).compare),
  };
  for (const [name, sorted] of Object.entries(programs)) {
    const given = ["0.9", "0.10", "0.2"];
    console.log(`${name}: ${sorted(given.map((version) => `v${version}`)).join(" ")} | ${sorted(given).join(" ")}`);
  }
})();
JS
seen=$(node ask.cjs)
printf '%s\n' "$seen"
[ "$seen" = 'natural-orderby: v0.2 v0.9 v0.10 | 0.10 0.2 0.9
javascript-natural-sort: v0.2 v0.9 v0.10 | 0.10 0.2 0.9
natural-sort: v0.2 v0.9 v0.10 | 0.10 0.2 0.9
natural-compare: v0.2 v0.9 v0.10 | 0.2 0.9 0.10
string-natural-compare: v0.2 v0.9 v0.10 | 0.2 0.9 0.10
alphanum-sort: v0.2 v0.9 v0.10 | 0.2 0.9 0.10
Intl.Collator: v0.2 v0.9 v0.10 | 0.2 0.9 0.10' ]
