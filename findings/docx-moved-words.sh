#!/usr/bin/env bash
# A Word file with changes that nobody has accepted yet: a paragraph that was moved (w:moveFrom, w:moveTo), and a "not"
# that was put in (w:ins). Word shows the paragraph once where it went, and "may not be changed".
#
# Expected: the text as it would be with all changes accepted, or as it was before them.
# Seen (docx2txt 0.9, docx2python 3.7.1): the moved paragraph stands twice, in the old place and in the new one.
#   python-docx 1.2.0 has it in neither, and the "not" is gone too: "may be changed". mammoth 1.13.0, markitdown 0.1.9
#   and pandoc 3.9 (pypandoc_binary 1.17) give the text with all changes accepted.
# What follows: accept or refuse the changes before a document is converted and filed. Three readers make three texts.
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
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

NAMESPACE = nsdecls("w")
WHO = 'w:author="Editor" w:date="2026-05-12T09:00:00Z"'


def moved(element, number):
    return parse_xml(
        f'<w:p {NAMESPACE}><w:pPr><w:rPr><w:{element} w:id="{number}" {WHO}/></w:rPr></w:pPr>'
        f'<w:{element}RangeStart w:id="{number + 1}" {WHO} w:name="move1"/><w:{element} w:id="{number + 2}" {WHO}>'
        f'<w:r><w:t>The lower rate holds.</w:t></w:r></w:{element}><w:{element}RangeEnd w:id="{number + 1}"/></w:p>'
    )


document = docx.Document()
bill = document.add_paragraph("A bill may ")
bill._p.append(parse_xml(f'<w:ins {NAMESPACE} w:id="1" {WHO}><w:r><w:t xml:space="preserve">not </w:t></w:r></w:ins>'))
bill.add_run("be changed.")
bill._p.addprevious(moved("moveFrom", 10))
bill._p.addnext(moved("moveTo", 20))
document.save("bills.docx")

with open("bills.docx", "rb") as file:
    by_mammoth = mammoth.convert_to_markdown(file).value
read = {
    "python-docx": "\n".join(paragraph.text for paragraph in docx.Document("bills.docx").paragraphs),
    "docx2txt": docx2txt.process("bills.docx"),
    "docx2python": docx2python("bills.docx").text,
    "mammoth": by_mammoth,
    "markitdown": markitdown.MarkItDown().convert("bills.docx").text_content,
    "pandoc": pypandoc.convert_file("bills.docx", "gfm"),
}
seen = {name: (text.count("The lower rate holds"), "may not be" in text) for name, text in read.items()}
for name, (times, negated) in seen.items():
    print(f"{name:12} the moved paragraph {times} times, {'may not be' if negated else 'may be'} changed")
accepted = (1, True)
sys.exit(
    seen
    != {
        "python-docx": (0, False), "docx2txt": (2, True), "docx2python": (2, True),
        "mammoth": accepted, "markitdown": accepted, "pandoc": accepted,
    }
)
PYTHON
