#!/usr/bin/env bash
# Programs that language models and archives read web pages through, on a page that marks a change as HTML does: <del> and <ins>.
#
# Expected: what was deleted is left out, or marked. A browser strikes it through, and screen readers can announce it.
# Seen: as plain text, trafilatura 2.3.1, inscriptis 2.7.6 and Resiliparse 2.0.1 keep deleted words without any mark; where no blank
#   stands between the two, old and new become one word: "openclosed". As Markdown, trafilatura, html2text 2025.4.15 and
#   markdownify 1.2.3 mark them with "~~".
# What follows: a page that shows a comparison cannot be read through these as text; offer machines the two versions, or the
# changes as data, and do not let the only statement of what holds stand in <ins> beside <del>.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check --upgrade pip
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check \
  trafilatura==2.3.1 inscriptis==2.7.6 resiliparse==2.0.1 html2text==2025.4.15 markdownify==1.2.3
"$temp/venv/bin/python" - <<'PYTHON'
import sys

import html2text
import inscriptis
import markdownify
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

filler = "<p>" + "The checks of this gate were made and written down by the operator who was on duty that day. " * 6 + "</p>"
page = (
    "<!doctype html><html lang='en'><head><title>A comparison</title></head><body><main><article><h1>A comparison</h1>"
    f"{filler}<p>The state of the gate for tariffs is <del>open</del><ins>closed</ins> since the twelfth of May.</p>{filler}"
    "</article></main></body></html>"
)
seen = {
    "trafilatura, text": trafilatura.extract(page),
    "inscriptis": inscriptis.get_text(page),
    "resiliparse": extract_plain_text(page, main_content=True),
    "trafilatura, Markdown": trafilatura.extract(page, output_format="markdown"),
    "html2text": html2text.html2text(page, bodywidth=0),
    "markdownify": markdownify.markdownify(page),
}
read = {name: text.split("tariffs is ")[1].split(" since")[0] for name, text in seen.items()}
for name, words in read.items():
    print(f"{name:22} {words!r}")
unmarked = {name: "openclosed" for name in ("trafilatura, text", "inscriptis", "resiliparse")}
sys.exit(
    {name: read[name] for name in unmarked} != unmarked
    or not all(read[name].startswith("~~open~~") for name in ("trafilatura, Markdown", "html2text", "markdownify"))
)
PYTHON
