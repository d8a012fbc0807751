#!/usr/bin/env bash
# A change request leaves Jira: its text is in Jira's markup, where "--" is a dash, "-may-" is struck through, and a link is
# "[CR v0.2|https://…]". Three programs make Markdown of it.
#
# Expected: dashes are dashes, and an address is what it was.
# Seen (jira2md 3.0.1): "The terms -- as amended -- hold" strikes "as amended", which holds; underscores in an address become "*", so
#   the link leads nowhere. jira2markdown 0.5.3 and pandoc 3.9 (pypandoc_binary 1.17) keep both.
# What follows: what is struck in a text that came through jira2md is looked up in Jira.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check jira2markdown==0.5.3 pypandoc_binary==1.17
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit jira2md@3.0.1 >/dev/null
printf 'The terms -- as amended -- hold. The rate -may- must not change: [CR v0.2|https://r.example/cr_(old)_v0.2]' >request.txt
seen="jira2md: $(node -e 'console.log(require("jira2md").to_markdown(require("fs").readFileSync("request.txt", "utf8")))')
jira2markdown: $(venv/bin/python -c 'from jira2markdown import convert; print(convert(open("request.txt").read()))')
pandoc: $(venv/bin/python -c 'import pypandoc; print(pypandoc.convert_file("request.txt", "gfm", format="jira", extra_args=["--wrap=none"]).strip())')"
printf '%s\n' "$seen"
[ "$seen" = 'jira2md: The terms ~~- as amended -~~ hold. The rate ~~may~~ must not change: [CR v0.2](https://r.example/cr*(old)*v0.2)
jira2markdown: The terms – as amended – hold. The rate ~~may~~ must not change: [CR v0.2](https://r.example/cr_(old)_v0.2)
pandoc: The terms – as amended – hold. The rate ~~may~~ must not change: [CR v0.2](https://r.example/cr_(old)_v0.2)' ]
