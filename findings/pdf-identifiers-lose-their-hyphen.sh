#!/usr/bin/env bash
# An identifier such as CR-2026-090 is broken at its hyphen where a line ends, as browsers break it. What does somebody
# read, or find, in the PDF?
#
# Expected: the identifier in two pieces, with the end of the line between them; a search for it finds it.
# Seen (pdftotext of poppler 22.12.0; PyMuPDF 2.0): pdftotext joins the pieces and drops the hyphen, as if a word had
#   been hyphenated: CR-2026090 and CR2026-092, which are no identifiers any more. PyMuPDF's search_for finds the broken
#   ones nowhere and says nothing; one that stands on a single line it finds.
# What follows: whoever prints identifiers keeps each on one line.
set -eu
command -v pdftotext >/dev/null || { echo "pdftotext is needed: apt install poppler-utils" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check reportlab==5.1.0 pymupdf==2.0
cat >"$temp/write.py" <<'END'
import sys
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas
lines = [
    "The operator reads change request CR-2026-",
    "090 before anything else is done.",
    "What was said of the new rules stands in CR-",
    "2026-092, which came later.",
    "All of it holds as CR-2026-091 has it.",
]
page = Canvas(sys.argv[1], pagesize=A5)
for number, line in enumerate(lines):
    page.drawString(40, 500 - 15 * number, line)
page.save()
END
cat >"$temp/find.py" <<'END'
import sys
import pymupdf
page = pymupdf.open(sys.argv[1])[0]
print(*(f"{name}: {len(page.search_for(name))}" for name in ("CR-2026-090", "CR-2026-091", "CR-2026-092")))
END
"$temp/venv/bin/python" "$temp/write.py" "$temp/notes.pdf"
text=$(pdftotext "$temp/notes.pdf" - | tr '\n\f' '  ')
found=$("$temp/venv/bin/python" "$temp/find.py" "$temp/notes.pdf")
printf '%s\n' "$text" "$found"
case "$text" in *"CR-2026090 before"*"in CR2026-092, which"*"as CR-2026-091 has"*) ;; *) exit 1 ;; esac
[ "$found" = "CR-2026-090: 0 CR-2026-091: 1 CR-2026-092: 0" ]
