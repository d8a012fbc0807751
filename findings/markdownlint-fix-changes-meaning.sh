#!/usr/bin/env bash
# Linters of Markdown are run with --fix before a commit. A file in which every line is valid CommonMark: a product of
# three, a list that goes on with step 7, a line that begins with the number of an issue, a citation in brackets.
#
# Expected: blanks and marks of style are mended; what a reader sees stays.
# Seen: markdownlint-cli2 0.24.1 (markdownlint 0.42.1) takes the two multiplication signs for emphasis ("rate hours share"),
#   makes steps 7 and 8 steps 1 and 2, a heading of "#57 closed the gate", and a link of "(as amended)[CR v0.2, §4]":
#   the citation is its address, and is not read any more. pymarkdownlnt 0.9.41 makes the first two changes, rumdl 0.3.0 the
#   last two.
# What follows: filed documents are left out of such runs (.markdownlint-cli2.jsonc: {"ignores": ["content"]}). In a text,
# "×" and a backslash before "#57" stay what they are.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit node@22 markdownlint-cli2@0.24.1 >/dev/null
PATH=$temp/node_modules/.bin:$PATH
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pymarkdownlnt==0.9.41 rumdl==0.3.0
cat >source.md <<'END'
# Billing

A share is rate * hours * share of the quarter.

What comes after the answer:

7. Wait for a day.
8. Send the bill.

The gate was held up by two issues.
#57 closed the gate.

A bill (as amended)[CR v0.2, §4] may not be changed.
END
for name in markdownlint pymarkdown rumdl; do cp source.md "$name.md"; done
markdownlint-cli2 --fix markdownlint.md >/dev/null 2>&1 || true
venv/bin/pymarkdown fix pymarkdown.md >/dev/null 2>&1 || true
venv/bin/rumdl fmt --no-cache rumdl.md >/dev/null 2>&1 || true
changes() {
  grep -q 'rate \*hours\* share' "$1.md" && printf 'product '
  grep -q '^1\. Wait' "$1.md" && printf 'steps '
  grep -q '^##* 57 closed' "$1.md" && printf 'heading '
  grep -q '\[as amended\](' "$1.md" && printf 'citation '
  echo
}
by_markdownlint=$(changes markdownlint)
by_pymarkdown=$(changes pymarkdown)
by_rumdl=$(changes rumdl)
printf '%s\n' "markdownlint: $by_markdownlint" "pymarkdown: $by_pymarkdown" "rumdl: $by_rumdl"
[ "$by_markdownlint" = "product steps heading citation " ] && [ "$by_pymarkdown" = "product steps " ] &&
  [ "$by_rumdl" = "heading citation " ]
