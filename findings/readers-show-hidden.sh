#!/usr/bin/env bash
# A page keeps a sentence ready for its script, which shows it when the time has come: in a <p hidden>, or in a <template>.
# Programs by which models read pages, on a page whose script was never run.
#
# Expected: neither is read. A browser shows neither without the script, and "hidden" says that it is not relevant yet.
# Seen: trafilatura 2.3.1, inscriptis 2.7.6, html2text 2025.4.15, markdownify 1.2.3 and markitdown 0.1.9 read both, as
#   sentences like any other; readability-lxml 0.9 the <template> alone, Resiliparse 2.0.1 (main_content) neither.
#   w3m 0.5.3, lynx 2.9.0 and ELinks 0.13.2 (Debian 12) show both too.
# What follows: whatever stands in the page is said. A warning that may come true later is made by the script when it
# does, or is worded so that it is true at any time.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check --upgrade pip
venv/bin/python -m pip install -qq --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6 \
  inscriptis==2.7.6 html2text==2025.4.15 markdownify==1.2.3 markitdown==0.1.9 readability-lxml==0.9 resiliparse==2.0.1
cat >page.html <<'END'
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Billing rules</title></head>
<body><main><article><h1>Billing rules</h1>
<p>They say when an order is billed, who may change a bill once it is sent, and what becomes of a bill that nobody pays.
They hold in each of our shops, and in the three that partners run for us, from the day of signing.</p>
<p hidden>These rules have expired.</p>
<template><p>These rules were withdrawn.</p></template>
<p>A bill that was sent may be changed by the person who sent it, on the same day, and by nobody else. What was wrong
with it stands on the new one, with the number of the old one beside it.</p></article></main></body></html>
END
cat >read.py <<'END'
import html2text
import inscriptis
import markdownify
import markitdown
import trafilatura
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
page = open("page.html", encoding="utf-8").read()
read = {
    "trafilatura": trafilatura.extract(page),
    "inscriptis": inscriptis.get_text(page),
    "html2text": html2text.html2text(page),
    "markdownify": markdownify.markdownify(page),
    "markitdown": markitdown.MarkItDown().convert("page.html").text_content,
    "readability-lxml": Document(page).summary(),
    "resiliparse": extract_plain_text(page, main_content=True),
}
for name, words in read.items():
    assert "who sent it" in words, name
    print(name, "expired" if "have expired" in words else "-", "withdrawn" if "were withdrawn" in words else "-")
END
seen=$(venv/bin/python -W ignore read.py 2>/dev/null)
printf '%s\n' "$seen"
[ "$seen" = "trafilatura expired withdrawn
inscriptis expired withdrawn
html2text expired withdrawn
markdownify expired withdrawn
markitdown expired withdrawn
readability-lxml - withdrawn
resiliparse - -" ]
