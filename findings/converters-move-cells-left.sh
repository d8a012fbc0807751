#!/usr/bin/env bash
# A table in HTML, as Confluence, Word and Google Docs export it: "Gate 7" spans two rows, and its second rule is waived.
# Programs that make Markdown of pages.
#
# Expected: Markdown has no spans, so the cell is repeated, or left empty, or the table stays HTML.
# Seen (html2text 2025.4.15, markdownify 1.2.3, markitdown 0.1.9, turndown 7.2.5 with turndown-plugin-gfm 1.0.2): the second
#   row loses its first cell and the others move to the left: "Bills are paid" is a gate, "waived" its rule, the state is
#   empty. markdownify and markitdown do fill up a colspan. pandoc 3.9 (pypandoc_binary 1.17) leaves the table HTML, and in
#   plain text draws it right.
# What follows: columns of a converted table are not to be believed where the source had merged cells; give the cells below a
#   span their place (comparison/plain.py), or unmerge them before the conversion.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check html2text==2025.4.15 markdownify==1.2.3 markitdown==0.1.9 \
  pypandoc_binary==1.17
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit turndown@7.2.5 turndown-plugin-gfm@1.0.2 >/dev/null
cat >table.html <<'HTML'
<table><thead><tr><th>Gate</th><th>Rule</th><th>State</th></tr></thead>
<tbody><tr><td rowspan="2">Gate 7</td><td>Bills go out</td><td>holds</td></tr>
<tr><td>Bills are paid</td><td>waived</td></tr></tbody></table>
HTML
cat >convert.py <<'PYTHON'
import html2text
import markdownify
import pypandoc
from markitdown import MarkItDown

html = open("table.html").read()
made = {
    "html2text": html2text.html2text(html),
    "markdownify": markdownify.markdownify(html),
    "markitdown": MarkItDown().convert("table.html").text_content,
    "pandoc": pypandoc.convert_text(html, "gfm", format="html"),
}
for name, text in made.items():
    print(f"{name}:", next(line.strip("| \n") for line in text.splitlines() if "paid" in line))
PYTHON
cat >convert.cjs <<'JS'
const made = new (require("turndown"))().use(require("turndown-plugin-gfm").gfm).turndown(require("fs").readFileSync("table.html", "utf8"));
console.log("turndown:", made.split("\n").find((line) => line.includes("paid")).replace(/^\| | \|$/g, ""));
JS
seen=$(venv/bin/python -W ignore convert.py; node convert.cjs)
printf '%s\n' "$seen"
moved='Bills are paid | waived'
[ "$(printf '%s\n' "$seen" | sed 's/ *| */ | /')" = "html2text: $moved
markdownify: $moved
markitdown: $moved
pandoc: <td>Bills are paid</td>
turndown: $moved" ]
