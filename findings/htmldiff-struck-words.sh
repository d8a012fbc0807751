#!/usr/bin/env bash
# Two versions of a page, compared by the functions that programs in Python and JavaScript have at hand for HTML. Of the old
# one to the new one: a word is struck no more, a step of a list comes out of the step above it, "yes" goes to another
# column, a tick is taken away. And a page that did not change, in which the author struck a word with <del>.
#
# Expected: four changes; nothing of the last.
# Seen: lxml 6.1.3 (lxml.html.diff.htmldiff) marks none of the four, and prints the page that did not change without its
#   <del>: "Keep no copies". htmldiff-js 1.0.5 marks the struck word and the columns, node-htmldiff 0.9.4 the columns; both
#   print the author's <del> among their own, so that nobody can tell a change from what was filed.
# What follows: a comparison of words is not a comparison of pages. <del> and <ins> of the text are given other names before
#   a comparison marks with them.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check lxml==6.1.3
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit htmldiff-js@1.0.5 node-htmldiff@0.9.4 >/dev/null
cat >pairs.json <<'JSON'
{
  "struck": ["<p>Delete <s>all</s> records.</p>", "<p>Delete all records.</p>"],
  "level": [
    "<ul><li>Ship.<ul><li>Not in May.</li></ul></li></ul>",
    "<ul><li>Ship.</li><li>Not in May.</li></ul>"
  ],
  "column": [
    "<table><tr><td>yes</td><td></td></tr></table>",
    "<table><tr><td></td><td>yes</td></tr></table>"
  ],
  "tick": [
    "<ul><li><input type=\"checkbox\" checked disabled> Audit</li></ul>",
    "<ul><li><input type=\"checkbox\" disabled> Audit</li></ul>"
  ],
  "own": ["<p>Keep <del>no</del> copies.</p>", "<p>Keep <del>no</del> copies.</p>"]
}
JSON
{
  venv/bin/python - <<'PYTHON'
import json
from pathlib import Path

from lxml.html.diff import htmldiff

for name, (old, new) in json.loads(Path("pairs.json").read_text()).items():
    found = htmldiff(old, new)
    print("lxml", name, found if name == "own" else "marked" if "<ins" in found or "<del" in found else "nothing")
PYTHON
  cat >compare.cjs <<'JS'
const pairs = Object.entries(require("./pairs.json"));
const compare = { "htmldiff-js": (a, b) => require("htmldiff-js").default.execute(a, b), "node-htmldiff": require("node-htmldiff") };
for (const [program, difference] of Object.entries(compare))
  for (const [name, [old, new_]] of pairs) {
    const found = difference(old, new_);
    console.log(program, name, name === "own" ? found : /<(ins|del)/.test(found) ? "marked" : "nothing");
  }
JS
  node compare.cjs
} >seen
cat seen
diff - seen <<'END'
lxml struck nothing
lxml level nothing
lxml column nothing
lxml tick nothing
lxml own <p>Keep no copies.</p>
htmldiff-js struck marked
htmldiff-js level nothing
htmldiff-js column marked
htmldiff-js tick nothing
htmldiff-js own <p>Keep <del>no</del> copies.</p>
node-htmldiff struck nothing
node-htmldiff level nothing
node-htmldiff column marked
node-htmldiff tick nothing
node-htmldiff own <p>Keep <del>no</del> copies.</p>
END
