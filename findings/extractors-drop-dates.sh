#!/usr/bin/env bash
# Programs by which models read pages keep the words of an article. A date in it is marked up as HTML has it:
# <time datetime="2026-05-12">12 May 2026</time>.
#
# Expected: the words of the date are kept, as those of any other element within a sentence.
# Seen (trafilatura 2.3.1; Resiliparse 2.0.1 with main_content; Goose3 3.1.22): the element goes and
#   its words with it: "These rules were superseded on by others." No gap is shown. In a <span> the date is kept by all,
#   in a <data value="…"> by all but Goose3.
# What follows: a date that readers must see stands in no <time>.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6 \
  resiliparse==2.0.1 goose3==3.1.22
cat >page.py <<'END'
import sys
element = sys.argv[1]
date = f"<{element}>12 May 2026</{element.split()[0]}>"
print(f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Billing rules</title></head>
<body><main><article><h1>Billing rules</h1>
<p>They say when an order is billed, who may change a bill once it is sent, and what becomes of a bill that nobody pays.
They hold in each of our shops, and in the three that partners run for us, from the day of signing.</p>
<p>These rules were superseded on {date} by others. An order is billed when it leaves the house, at the rate of the day
on which it was placed, and at no later one. Where two rates are possible, the lower one holds.</p>
<p>A bill that was sent may be changed by the person who sent it, on the same day, and by nobody else. What was wrong
with it stands on the new one, with the number of the old one beside it.</p></article></main></body></html>""")
END
cat >read.py <<'END'
import sys
import trafilatura
from goose3 import Goose
from resiliparse.extract.html2text import extract_plain_text
page = open(sys.argv[1], encoding="utf-8").read()
read = {
    "trafilatura": trafilatura.extract(page),
    "resiliparse": extract_plain_text(page, main_content=True),
    "goose3": Goose().extract(raw_html=page).cleaned_text,
}
for name, words in read.items():
    print(name, "sentence" if "rules were superseded" in words else "-", "date" if "12 May 2026" in words else "-")
END
seen() {
  venv/bin/python page.py "$1" >page.html
  venv/bin/python read.py page.html
}
time=$(seen 'time datetime="2026-05-12"')
span=$(seen span)
printf '%s\n' "in <time>:" "$time" "in <span>:" "$span"
[ "$time" = "trafilatura sentence -
resiliparse sentence -
goose3 sentence -" ] && [ "$span" = "trafilatura sentence date
resiliparse sentence date
goose3 sentence date" ]
