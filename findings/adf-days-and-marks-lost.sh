#!/usr/bin/env bash
# A Jira ticket or Confluence page as the service gives it (Atlassian Document Format): a date (12 May 2026, which is stored as the midnight of
# UTC), a status, a numbered list that begins with 7, a decision, an expander with a title. Made into Markdown in New York.
#
# Expected: the day that the page shows; what a program does not know is kept as text.
# Seen (adf-to-markdown 1.0.1): "In force from 5/11/2026", the day before, since that midnight was still 11 May in New York. adf-to-md
#   1.2.1: date, status, decision and expander are gone with their words: "In force from , status ." (which kinds were left
#   out is a property of its result, and said on stdout). atlas-doc-parser 1.0.1 keeps all but the expander's title.
# What follows: dates of such documents are read in UTC, whatever the zone of the machine; what a conversion gives is read against the page.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export TZ=America/New_York
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check atlas-doc-parser==1.0.1
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit adf-to-markdown@1.0.1 adf-to-md@1.2.1 >/dev/null
cat >make.py <<'PYTHON'
import json


def words(text, **more):
    return {"type": "text", "text": text, **more}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)}


def steps(order, *said):
    return {"type": "orderedList", "attrs": {"order": order}, "content": [{"type": "listItem", "content": [paragraph(words(each))]} for each in said]}


day = {"type": "date", "attrs": {"timestamp": "1778544000000"}}
status = {"type": "status", "attrs": {"text": "SUPERSEDED", "color": "red", "localId": "a"}}
decision = {"type": "decisionItem", "attrs": {"localId": "b", "state": "DECIDED"}, "content": [words("Use B")]}
content = [
    paragraph(words("In force from "), day, words(", status "), status, words(".")),
    steps(7, "Seven", "Eight"),
    {"type": "decisionList", "attrs": {"localId": "c"}, "content": [decision]},
    {"type": "expand", "attrs": {"title": "Exceptions"}, "content": [paragraph(words("Sundays"))]},
]
json.dump({"version": 1, "type": "doc", "content": content}, open("page.json", "w"))
PYTHON
python3 make.py
cat >ask.cjs <<'JS'
const page = () => JSON.parse(require("fs").readFileSync("page.json", "utf8"));
const program = { "adf-to-md": () => require("adf-to-md").convert(page()).result,
  "adf-to-markdown": () => require("adf-to-markdown").convertADFToMarkdown(page()) };
process.stdout.write(program[process.argv[2]]());
JS
cat >ask.py <<'PYTHON'
import json

from atlas_doc_parser.api import NodeDoc

print(NodeDoc.from_dict(json.load(open("page.json"))).to_markdown())
PYTHON
said() { # words and numbers in one line
  grep -v '^adding warning' | tr '\n' ' ' | sed -E 's/<[^>]*>//g; s/ +/ /g; s/ *$//'
}
seen="adf-to-markdown: $(node ask.cjs adf-to-markdown | said)
adf-to-md: $(node ask.cjs adf-to-md | said)
atlas-doc-parser: $(venv/bin/python ask.py | said)"
printf '%s\n' "$seen"
[ "$seen" = 'adf-to-markdown: In force from 5/11/2026, status [SUPERSEDED]. 7. Seven 8. Eight - ✓ Use B Exceptions Sundays
adf-to-md: In force from , status . 7. Seven 8. Eight
atlas-doc-parser: In force from 2026-05-12, status `SUPERSEDED`. 7. Seven 8. Eight > Use B Sundays' ]
