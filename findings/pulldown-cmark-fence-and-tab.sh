#!/usr/bin/env bash
# A fenced block whose closing fence has a tab behind it, as editors leave it, and a paragraph after it.
#
# Expected: the block ends there. CommonMark 0.31.2 section 4.5: a closing fence "may be followed only by spaces or tabs".
# Seen: pulldown-cmark 0.13.5 (pyromark 0.10.3) takes blanks alone for the end: the paragraph is code, and so is all that
#   follows. cmark-gfm (cmarkgfm 2025.10.22) and commonmark.js 0.31.2 end the block.
# What follows: such a tab is a blank to the parser (text/masks.py); code itself is left as it was filed.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pyromark==0.10.3 cmarkgfm==2025.10.22
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit commonmark@0.31.2 >/dev/null
printf '```\ncode\n```\t\n\nwords\n' >note.md
by_pyromark=$(venv/bin/python -c 'import pyromark, sys; print(pyromark.html(sys.stdin.read()))' <note.md)
by_cmark=$(venv/bin/python -c 'import cmarkgfm, sys; print(cmarkgfm.github_flavored_markdown_to_html(sys.stdin.read()))' <note.md)
by_commonmark=$(node_modules/.bin/commonmark <note.md)
ends() { printf '%s' "$1" | grep -q '<p>words</p>' && echo yes || echo no; }
printf '%s\n' "pyromark ends the block: $(ends "$by_pyromark")" "cmark-gfm: $(ends "$by_cmark")" "commonmark.js: $(ends "$by_commonmark")"
[ "$(ends "$by_pyromark")" = no ] && [ "$(ends "$by_cmark")" = yes ] && [ "$(ends "$by_commonmark")" = yes ]
