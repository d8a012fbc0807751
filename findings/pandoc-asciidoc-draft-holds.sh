#!/usr/bin/env bash
# A document in AsciiDoc with a revision line, a passage for drafts alone (ifdef::draft[]), a warning, and a table in which "7" spans
# two rows. Asciidoctor makes it a page; so does pandoc, which has a reader for AsciiDoc of late.
#
# Expected: both say the same, or pandoc warns of what it does not read.
# Seen (pandoc 3.9, by pypandoc_binary 1.17; beside @asciidoctor/core 4.1.0): the passage for drafts is in the text, below the word "ifdef",
#   and "{revnumber}" stands where "0.10" should. "WARNING" is gone from "Archived.". In the row below the span
#   "Waived" is the gate, and has no rule; it is the foot of the table as well. No warning, status 0.
# What follows: AsciiDoc is converted by Asciidoctor (to DocBook or HTML), and pandoc is given that.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pypandoc_binary==1.17
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-fund --no-audit @asciidoctor/core@4.1.0 >/dev/null
cat >rules.adoc <<'ADOC'
= Billing rules
Somebody <somebody@example.org>
v0.10, 2026-05-12

Version {revnumber} of {revdate}.

ifdef::draft[]
The rate may change.
endif::[]

[WARNING]
Archived.

|===
|Gate |Rule

.2+|7 |Paid
|Waived
|===
ADOC
cat >ask.mjs <<'JS'
import { convert } from "@asciidoctor/core";
import { readFileSync } from "node:fs";
console.log(await convert(readFileSync("rules.adoc", "utf8"), { safe: "safe" }));
JS
node ask.mjs >asciidoctor.html
venv/bin/python -c 'import pypandoc; print(pypandoc.convert_file("rules.adoc", "html", format="asciidoc"))' >pandoc.html 2>warnings
cat pandoc.html
said() { # in one line, without marks
  tr '\n' ' ' <"$1" | sed -E 's/<[^>]*>/ /g; s/ +/ /g'
}
echo "Asciidoctor: $(said asciidoctor.html)"
echo "pandoc: $(said pandoc.html)"
[ ! -s warnings ]
said asciidoctor.html | grep -q 'Version 0.10 of 2026-05-12. Warning Archived. Gate Rule 7 Paid Waived'
grep -q 'rowspan="2"' asciidoctor.html
said pandoc.html | grep -q 'Version {revnumber} of {revdate}. ifdef draft\[\] The rate may change. endif'
said pandoc.html | grep -q 'endif Archived. Gate Rule 7 Paid Waived'
[ "$(grep -ciE 'warning|rowspan' pandoc.html)" = 0 ]
[ "$(grep -A1 'Waived' pandoc.html)" = '<td><p>Waived</p></td>
<td></td>' ]
