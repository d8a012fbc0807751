#!/usr/bin/env bash
# Reader views show an article without what surrounds it. A page that holds no longer says so above its text.
#
# Expected: a notice that stands in the article itself, in its <header> ("Archived … version 0.4 is in force"), is kept.
# Seen (@mozilla/readability 0.6.0, the reader view of Firefox; Defuddle 0.19.4, Obsidian's clipper; readability-lxml
#   0.9): the text begins below it, and nothing says that it was superseded. Where the same paragraph
#   stands in the element that holds the paragraphs of the text, both of the JavaScript ones keep it.
# What follows: whoever publishes texts that hold no longer says so within the text's own element too.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
printf '{"private": true, "type": "module"}\n' >package.json
npm install --silent --no-audit --no-fund @mozilla/readability@0.6.0 defuddle@0.19.4 jsdom@29.1.1
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check readability-lxml==0.9

notice='<p><strong>Archived.</strong> Version 0.2 of these rules was superseded on 12 May 2026. <a href="/v0.4">Version 0.4 is in force; read that one.</a></p>'
text='<h2>Purpose</h2><p>These rules say when an order is billed, who may change a bill once it is sent, and what becomes of
a bill that nobody pays. They hold in each of our shops, and in the three that partners run for us, from the day of signing.</p>
<h2>Rates</h2><p>An order is billed when it leaves the house, at the rate of the day on which it was placed, and at no
later one. Where two rates are possible, the lower one holds, and the difference is noted on the bill.</p>
<p>A bill that was sent may be changed by the person who sent it, on the same day, and by nobody else. What was wrong with
it stands on the new one, with the number of the old one beside it.</p>'
head='<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Billing rules</title></head><body><main><article>'
printf '%s<header>%s<h1>Billing rules</h1></header><div>%s</div></article></main></body></html>' "$head" "$notice" "$text" >above.html
printf '%s<header><h1>Billing rules</h1></header><div>%s%s</div></article></main></body></html>' "$head" "$notice" "$text" >within.html

cat >read.js <<'END'
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { Readability } from "@mozilla/readability";
import { Defuddle } from "defuddle/node";
const dom = () => new JSDOM(readFileSync(process.argv[2], "utf8"), { url: "https://example.org/v0.2" });
const read = new Readability(dom().window.document).parse().textContent;
const clipped = (await Defuddle(dom().window.document, "https://example.org/v0.2")).content;
for (const [name, words] of Object.entries({ readability: read, defuddle: clipped }))
  console.log(name, words.includes("the lower one holds") ? "text" : "-", words.includes("superseded") ? "notice" : "-");
END
cat >read.py <<'END'
import sys
from readability import Document
page = open(sys.argv[1], encoding="utf-8").read()
words = Document(page).summary()
print("readability-lxml", "text" if "the lower one holds" in words else "-", "notice" if "superseded" in words else "-")
END
above=$(node read.js above.html && venv/bin/python read.py above.html)
within=$(node read.js within.html)
printf '%s\n' "above the text:" "$above" "within its element:" "$within"
[ "$above" = "readability text -
defuddle text -
readability-lxml text -" ] && [ "$within" = "readability text notice
defuddle text notice" ]
