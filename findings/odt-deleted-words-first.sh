#!/usr/bin/env bash
# An OpenDocument text with a change that was recorded and not accepted: the status "In force" was deleted and
# "Superseded" put in its place. Programs that make text or Markdown of .odt, on one valid file.
#
# Expected: "Status: Superseded", or both with a mark that says which was deleted.
# Seen (odfpy 1.4.1): the deleted words come first, before the title, as a paragraph like any other: the file keeps them
#   in text:tracked-changes at its top. Debian's odt2txt 0.5 does so too. odfdo 3.27.3 and pandoc 3.9 (pypandoc_binary
#   1.17) give "Status: Superseded" alone.
# What follows: the header of a document is read from its first lines, and there "In force" stands. Accept or refuse the
# changes before a document is converted and filed.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check odfdo==3.27.3 odfpy==1.4.1 pypandoc_binary==1.17
cd "$temp"
venv/bin/python -W ignore - <<'PYTHON'
import re
import sys
import zipfile

import odfdo
import pypandoc
from odf import teletype, text
from odf.opendocument import load

INFO = "<office:change-info><dc:creator>Editor</dc:creator><dc:date>2026-05-12T09:00:00</dc:date></office:change-info>"
CHANGES = (
    '<text:tracked-changes><text:changed-region xml:id="c1" text:id="c1">'
    f"<text:deletion>{INFO}<text:p>In force</text:p></text:deletion></text:changed-region>"
    f'<text:changed-region xml:id="c2" text:id="c2"><text:insertion>{INFO}</text:insertion></text:changed-region>'
    "</text:tracked-changes>"
)
STATUS = (
    'Status: <text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>Superseded'
    '<text:change-end text:change-id="c2"/>'
)
plain = odfdo.Document("text")
plain.body.clear()
plain.body.append(odfdo.Header(1, "Billing rules"))
plain.body.append(odfdo.Paragraph("STATUS"))
plain.save("plain.odt")
with zipfile.ZipFile("plain.odt") as source, zipfile.ZipFile("rules.odt", "w") as target:
    for entry in source.infolist():
        data = source.read(entry)
        if entry.filename == "content.xml":
            words = data.decode().replace("STATUS", STATUS)
            data = re.sub(r"(<office:text[^>]*>)", lambda found: found[1] + CHANGES, words).encode()
        target.writestr(entry, data)

paragraphs = [teletype.extractText(each) for each in load("rules.odt").getElementsByType(text.P)]
by_odfdo = odfdo.Document("rules.odt").to_markdown()
by_pandoc = pypandoc.convert_file("rules.odt", "gfm")
for name, read in (("odfpy", paragraphs), ("odfdo", by_odfdo), ("pandoc", by_pandoc)):
    print(f"{name:7} {read!r}")
sys.exit(
    paragraphs != ["In force", "Status: Superseded"]
    or any("In force" in read or "Status: Superseded" not in read for read in (by_odfdo, by_pandoc))
)
PYTHON
