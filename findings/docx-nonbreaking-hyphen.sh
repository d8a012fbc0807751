#!/usr/bin/env bash
# Word writes Ctrl+Shift+Hyphen as an element of its own (w:noBreakHyphen), and people use it so that "CR-2026-090"
# does not break at the end of a line. Five readers of .docx that end in text or Markdown, on one valid file.
#
# Expected: each gives some hyphen, U+002D or U+2011.
# Seen (python-docx 1.2.0 writes the file and reads it back with "-"; mammoth 1.13.0 and pandoc 3.x give U+2011):
#   docx2txt 0.9 and docx2python 3.7.1 leave the hyphen out without a word: the identifier reads "CR2026090".
# What follows: an identifier that came through docx2txt or docx2python can no longer be recognised, and one that came
# through the others must be recognised with U+2011 and with a backslash in it.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check \
  python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9 docx2python==3.7.1 'markitdown[docx]==0.1.9' pypandoc_binary==1.17
cd "$temp"
venv/bin/python -W ignore - <<'PYTHON'
import sys

import docx
import docx2txt
import mammoth
import markitdown
import pypandoc
from docx.oxml import OxmlElement
from docx2python import docx2python

document = docx.Document()
run = document.add_paragraph("See CR").add_run()
for text in ("2026", "090"):
    run._r.append(OxmlElement("w:noBreakHyphen"))
    element = OxmlElement("w:t")
    element.text = text
    run._r.append(element)
document.save("note.docx")

with open("note.docx", "rb") as file:
    by_mammoth = mammoth.convert_to_markdown(file).value
seen = {
    "python-docx": docx.Document("note.docx").paragraphs[0].text,
    "mammoth": by_mammoth,
    "docx2txt": docx2txt.process("note.docx"),
    "docx2python": docx2python("note.docx").text,
    "pandoc": pypandoc.convert_file("note.docx", "gfm"),
    "markitdown": markitdown.MarkItDown().convert("note.docx").text_content,
}
expected = {
    "python-docx": "See CR-2026-090",
    "mammoth": "See CR\u20112026\u2011090",
    "docx2txt": "See CR2026090",
    "docx2python": "See CR2026090",
    "pandoc": "See CR\u20112026\u2011090",
    "markitdown": "See CR\u20112026\u2011090",
}
for name, text in seen.items():
    print(f"{name:12} {ascii(text.strip())}")
sys.exit({name: text.strip() for name, text in seen.items()} != expected)
PYTHON
