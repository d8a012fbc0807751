#!/usr/bin/env bash
# Documents are cut into pieces at their headings for a model to search, with the splitter that is made for Markdown. Two
# neighbouring phases have the same headings; a rule has an exception; the code is Python.
#
# Expected: a piece for each section; within it the text as it was.
# Seen (langchain-text-splitters 1.1.3, MarkdownHeaderTextSplitter on "##" alone): the indent of every line is taken away, in code as well: the
#   exception of step 7 is a step beside it, and "if late:" has no body. Neighbouring sections of one heading ("Gates", "Gates")
#   are one piece. A heading underlined with "---" begins none. ExperimentalMarkdownSyntaxTextSplitter keeps indents.
# What follows: pieces are made from the parsed text, or each heading has words of its own; a quotation is checked against the
#   filed bytes and not against a piece.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check langchain-text-splitters==1.1.3
cat >text.md <<'MD'
## Steps

7. Send the bill.
   - Unless the order is halted.

```python
if late:
    remind()
```

## Gates

Phase 56: green.

## Gates

Phase 57: red.

Rates
-----

They hold.
MD
cat >cut.py <<'PYTHON'
from langchain_text_splitters import ExperimentalMarkdownSyntaxTextSplitter, MarkdownHeaderTextSplitter
for splitter in MarkdownHeaderTextSplitter, ExperimentalMarkdownSyntaxTextSplitter:
    for piece in splitter([("##", "heading")]).split_text(open("text.md").read()):
        print(splitter.__name__[:8], piece.metadata["heading"], repr(piece.page_content))
PYTHON
seen=$(venv/bin/python cut.py)
printf '%s\n' "$seen"
has() { printf '%s\n' "$seen" | grep -qF "$1"; }
has 'Markdown Steps '"'"'7. Send the bill.\n- Unless the order is halted.  \n```python\nif late:\nremind()\n```'"'"
has 'Markdown Gates '"'"'Phase 56: green.  \nPhase 57: red.  \nRates\n-----  \nThey hold.'"'"
has 'Experime Steps '"'"'\n7. Send the bill.\n   - Unless the order is halted.'
