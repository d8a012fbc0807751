#!/usr/bin/env bash
# A Word template for controlled documents fills in what people must not retype: the version stands in a content control (w:sdt),
# the date in a simple field (w:fldSimple, DOCPROPERTY), "≥" was put in with Insert, Symbol (w:sym), and a box is ticked (a content
# control as well). Word shows: "Version: 0.3", "Date: 12 May 2026", "Uptime ≥99 %", "☒ approved". Six readers, one valid file.
#
# Expected: what the page shows is in the text; a field holds its last result.
# Seen: the version is lost by python-docx 1.2.0; the date by python-docx, mammoth 1.13.0, markitdown 0.1.9 and pandoc 3.9
#   (pypandoc_binary 1.17); the tick by python-docx and mammoth, so that "approved" stands alone; "≥" by python-docx and docx2txt
#   0.9: "Uptime 99 %". docx2python 3.7.1 gives the symbol as code &#x00B3; of another font, which is "³" elsewhere. None warns.
# What follows: before a document out of Word is filed, fields are made text there (Ctrl+Shift+F9), controls removed, and its
#   header is read against what Word shows.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check \
  python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9 docx2python==3.7.1 'markitdown[docx]==0.1.9' pypandoc_binary==1.17
venv/bin/python -W ignore - <<'PYTHON'
import sys

import docx
import docx2txt
import mammoth
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python
from markitdown import MarkItDown

def run(text): return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
def control(kind, text): return f"<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>"

box = '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:checked w14:val="1"/></w14:checkbox>'
written = docx.Document()
for inside in (
    run("Version: ") + control("<w:text/>", "0.3"),
    run("Date: ") + f'<w:fldSimple w:instr=" DOCPROPERTY Date ">{run("12 May 2026")}</w:fldSimple>',
    run("Uptime ") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("99 %"),
    control(box, "☒") + run(" approved"),
):
    written.element.body.insert(-1, parse_xml(f'<w:p {nsdecls("w")}>{inside}</w:p>'))
written.save("rates.docx")
texts = {
    "python-docx": "\n".join(paragraph.text for paragraph in docx.Document("rates.docx").paragraphs),
    "docx2txt": docx2txt.process("rates.docx"),
    "docx2python": docx2python("rates.docx").text,
    "mammoth": mammoth.convert_to_markdown(open("rates.docx", "rb")).value.replace("\\", ""),
    "markitdown": MarkItDown().convert("rates.docx").text_content,
    "pandoc": pypandoc.convert_file("rates.docx", "gfm"),
}
lost = {}
for name, text in texts.items():
    said = {"version": "0.3", "date": "12 May", "symbol": "≥"}
    lost[name] = [what for what, words in said.items() if words not in text] + ["tick"] * ("☒" not in text and "[x]" not in text)
    print(f"{name}: {' / '.join(filter(None, text.splitlines()))}\n   lost: {', '.join(lost[name]) or 'nothing'}")
sys.exit(lost != {
    "python-docx": ["version", "date", "symbol", "tick"], "docx2txt": ["symbol"], "docx2python": ["symbol"],
    "mammoth": ["date", "tick"], "markitdown": ["date"], "pandoc": ["date"],
})
PYTHON
