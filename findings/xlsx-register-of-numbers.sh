#!/usr/bin/env bash
# A register of change requests in a spreadsheet. As people keep them, the cells are numbers with a format: 57 is shown as "CR-2026-057",
# 0.1 as "0.10" and as "v0.1", a day as "12 May 2026"; the standing of what was withdrawn is struck through, and one sheet is hidden.
#
# Expected: a program that makes Markdown of it gives what the sheet shows, as "save as CSV" does.
# Seen (pandoc 3.9, by pypandoc_binary 1.17, which reads .xlsx of late; markitdown 0.1.9): the request is "57.0" and "57", versions 0.10 and
#   v0.1 are both 0.1, and of pandoc the days are "46154.0" and "46174.0". "In force" is not struck, and pandoc and markitdown both
#   show the hidden sheet. xlsx2csv 0.8.6 keeps "0.10" and the days, and of "CR-2026-057" and "v0.1" the numbers alone.
# What follows: identifiers, versions and days of a register are cells of type text, or it is saved as CSV by the program that
#   shows it.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pypandoc_binary==1.17 'markitdown[xlsx]==0.1.9' xlsx2csv==0.8.6 xlsxwriter==3.3.1
venv/bin/python - <<'PYTHON'
import datetime

import xlsxwriter

book = xlsxwriter.Workbook("register.xlsx")
shown = lambda **how: book.add_format(how)
sheet = book.add_worksheet("Register")
sheet.write_row(0, 0, ["Request", "Version", "Filed", "Standing"])
rows = [(57, "0.00", (2026, 5, 12), {"font_strikeout": True}), (57, '"v"0.0', (2026, 6, 1), {})]
for number, (request, version, day, standing) in enumerate(rows, 1):
    sheet.write_number(number, 0, request, shown(num_format='"CR-2026-"000'))
    sheet.write_number(number, 1, 0.1, shown(num_format=version))
    sheet.write_datetime(number, 2, datetime.datetime(*day), shown(num_format="d mmmm yyyy"))
    sheet.write(number, 3, "In force", shown(**standing))
old = book.add_worksheet("Old")
old.write(0, 0, "Not in force")
old.hide()
book.close()
PYTHON
venv/bin/python -c 'import pypandoc; print(pypandoc.convert_file("register.xlsx", "gfm", format="xlsx"))' >pandoc.md
venv/bin/markitdown register.xlsx >markitdown.md 2>/dev/null
venv/bin/xlsx2csv register.xlsx >xlsx2csv.csv
rows() { sed -nE '/In force/{s/ *\| */|/g; p}' "$1"; grep -o 'Not in force' "$1" || true; }
for one in pandoc.md markitdown.md xlsx2csv.csv; do
  echo "$one:"
  rows $one
done | tee seen
[ "$(cat seen)" = 'pandoc.md:
|57.0|0.1|46154.0|In force|
|57.0|0.1|46174.0|In force|
Not in force
markitdown.md:
|57|0.1|2026-05-12|In force|
|57|0.1|2026-06-01|In force|
Not in force
xlsx2csv.csv:
57,0.10,12 May 2026,In force
57,0.1,01 June 2026,In force' ]
