#!/usr/bin/env bash
# A search in the browser over names and identifiers of a record, with FlexSearch as it comes: no option is set.
#
# Expected: "Gate 11" finds Gate 11, "v0.1" finds v0.1; as whole words, since that is the default.
# Seen (flexsearch 0.8.212, Index and its encoder): a repeated character is one, in numbers too. "Gate 1" and "Gate 11" find
#   the same two, "v0.11" finds v0.1 first, "P5-B3" finds P55-B3 first; "v0.10" is told apart. The encoder "Exact" tells all
#   of them apart.
# What follows: a search over identifiers sets its encoder ({encoder: Charset.Exact}, or dedupe: false).
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit flexsearch@0.8.212 >/dev/null
cat >look.cjs <<'JS'
const { Index, Charset } = require("flexsearch");
const names = ["Gate 1", "Gate 11", "CR v0.1", "CR v0.10", "CR v0.11", "P55-B3", "P5-B3"];
const found = (options) => {
  const index = new Index(options);
  names.forEach((name) => index.add(name, name));
  return ["Gate 11", "v0.11", "v0.10", "P5-B3"].map((asked) => index.search(asked).join(", ")).join(" | ");
};
const [plain, exact] = [found(), found({ encoder: Charset.Exact })];
console.log(`by default: ${plain}\nexact:      ${exact}`);
process.exitCode =
  plain === "Gate 1, Gate 11 | CR v0.1, CR v0.11 | CR v0.10 | P55-B3, P5-B3" &&
  exact === "Gate 11 | CR v0.11 | CR v0.10 | P5-B3" ? 0 : 1;
JS
node look.cjs
