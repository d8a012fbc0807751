#!/usr/bin/env bash
# An llms.txt of two phases, each with its gates, so that two sections are called "Gates"; and one with a summary and no text below it.
# Both are Markdown as the proposal on llmstxt.org has it. Read by the parser that stands there.
#
# Expected: both sections with their links, in order; the summary, as the proposal has text below it as optional.
# Seen (llms-txt 0.0.7): the first "Gates" is gone with its links: sections are kept by their headings. The summary is None, and "> …"
#   stands in the text.
# What follows: the headings of an llms.txt differ, it has text below the summary, and a test reads it with that parser.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check llms-txt==0.0.7
"$temp/venv/bin/python" - <<'PYTHON'
import sys

from llms_txt import parse_llms_file

summary = "# Record\n\n> Every version of every document.\n\n"
sections = "## Gates\n\n- [Gate 7](https://r.example/gate-7)\n\n## Gates\n\n- [Gate 8](https://r.example/gate-8)\n"
read = parse_llms_file(f"{summary}Phases 7 and 8.\n\n{sections}")
bare = parse_llms_file(f"{summary}{sections}")
links = [(name, [link["title"] for link in found]) for name, found in read["sections"].items()]
print("sections:", links)
print("summary:", repr(read["summary"]), "and, with no text below it:", repr(bare["summary"]), repr(bare["info"]))
sys.exit(
    links != [("Gates", ["Gate 8"])]
    or (read["summary"], bare["summary"]) != ("Every version of every document.", None)
    or bare["info"] != "> Every version of every document."
)
PYTHON
