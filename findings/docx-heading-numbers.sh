#!/usr/bin/env bash
# A Word document whose headings Word numbers itself (1, 2, 2.1), as in most templates for contracts and specifications,
# and whose text says "see 2.1". Six programs that make text or Markdown of .docx, on one valid file.
#
# Expected: those that keep headings keep their numbers, or say that there were some.
# Seen (python-docx 1.2.0, mammoth 1.13.0, docx2txt 0.9, docx2python 3.7.1, markitdown 0.1.9, pandoc 3.9 by
#   pypandoc_binary 1.17): not one has a number, and none says so. "See 2.1" is kept, and leads to nothing.
#   pandoc's --number-sections counts anew, from 1, whatever the file said.
# What follows: what came out of Word has no sections that can be cited by number. Write the numbers into the headings
# before the conversion; of a new version compare the numbers with those of the version before.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check \
  python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9 docx2python==3.7.1 'markitdown[docx]==0.1.9' pypandoc_binary==1.17
cd "$temp"
venv/bin/python -W ignore - <<'PYTHON'
import re
import sys

import docx
import docx2txt
import mammoth
import markitdown
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx2python import docx2python

NAMESPACE = nsdecls("w")
document = docx.Document()
numbering = document.part.numbering_part.element
levels = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{level + 1}"/>'
    f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
    for level, text in enumerate(("%1", "%1.%2"))
)
numbering.insert(
    list(numbering).index(numbering.find(qn("w:num"))),
    parse_xml(f'<w:abstractNum {NAMESPACE} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'),
)
numbering.append(parse_xml(f'<w:num {NAMESPACE} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
for level in (0, 1):
    style = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
    style.append(parse_xml(f'<w:numPr {NAMESPACE}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'))
document.add_heading("Purpose", 1)
document.add_heading("Rates", 1)
document.add_heading("Lower rate", 2)
document.add_paragraph("Where two rates are possible, see 2.1.")
document.save("rates.docx")

with open("rates.docx", "rb") as file:
    by_mammoth = mammoth.convert_to_markdown(file).value
read = {
    "python-docx": "\n".join(paragraph.text for paragraph in docx.Document("rates.docx").paragraphs),
    "mammoth": by_mammoth,
    "docx2txt": docx2txt.process("rates.docx"),
    "docx2python": docx2python("rates.docx").text,
    "markitdown": markitdown.MarkItDown().convert("rates.docx").text_content,
    "pandoc": pypandoc.convert_file("rates.docx", "gfm"),
}
seen = {}
for name, text in read.items():
    lines = [line.strip("# ") for line in text.splitlines() if re.search("Purpose|Rates|Lower", line)]
    seen[name] = [re.sub(r"<.*?>", "", line).strip() for line in lines]
    print(f"{name:12}", " | ".join(seen[name]), "| says 2.1" if re.search(r"see 2\\?\.1", text) else "")
sys.exit(any(lines != ["Purpose", "Rates", "Lower rate"] for lines in seen.values()))
PYTHON
