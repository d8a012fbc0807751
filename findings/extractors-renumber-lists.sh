#!/usr/bin/env bash
# Programs that language models and archives read web pages through, on an ordered list that begins with 7 and whose second item
# is number 20: valid HTML (start, value), as a document has it whose steps are cited by number.
#
# Expected: 7 and 20, as every browser shows them.
# Seen: none does. trafilatura 2.3.1 (Markdown) and Resiliparse 2.0.1 give 1 and 2; html2text 2025.4.15 and markdownify 1.2.3 read
#   "start" but not "value", 7 and 8; inscriptis 2.7.6 reads "value" but not "start", 1 and 20.
# What follows: "step 7" of a page that was read through these is another step. Numbers that others cite should stand in the
# text of a heading or item, not in an attribute.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check --upgrade pip
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check \
  trafilatura==2.3.1 inscriptis==2.7.6 resiliparse==2.0.1 html2text==2025.4.15 markdownify==1.2.3
"$temp/venv/bin/python" - <<'PYTHON'
import re
import sys

import html2text
import inscriptis
import markdownify
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

filler = "<p>" + "The checks of this gate were made and written down by the operator who was on duty that day. " * 6 + "</p>"
page = (
    "<!doctype html><html lang='en'><head><title>Steps</title></head><body><main><article><h1>Steps</h1>"
    f"{filler}<ol start='7'><li>wait for the answer</li><li value='20'>go</li></ol>{filler}</article></main></body></html>"
)
seen = {
    "inscriptis": inscriptis.get_text(page),
    "trafilatura": trafilatura.extract(page, output_format="markdown"),
    "resiliparse": extract_plain_text(page, main_content=True),
    "html2text": html2text.html2text(page, bodywidth=0),
    "markdownify": markdownify.markdownify(page),
}
numbers = {name: re.findall(r"(\d+)\\?\. (?:wait|go)", text) for name, text in seen.items()}
for name, found in numbers.items():
    print(f"{name:12} {', '.join(found)}")
sys.exit(
    numbers
    != {
        "inscriptis": ["1", "20"],
        "trafilatura": ["1", "2"],
        "resiliparse": ["1", "2"],
        "html2text": ["7", "8"],
        "markdownify": ["7", "8"],
    }
)
PYTHON
