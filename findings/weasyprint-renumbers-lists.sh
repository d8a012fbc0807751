#!/usr/bin/env bash
# A list whose first step is number 7 and whose second is number 20 (start, value), a list of letters (type="a"), and a <dialog>
# that is closed: valid HTML, made into a PDF to be filed or sent.
#
# Expected: 7, 20 and a, as every browser prints them, and no dialog.
# Seen (WeasyPrint 70.0; pdftotext of poppler 22.12.0): "1.", "2.", "1.", and the words of the dialog, "Draft, not in force.". Nothing is logged.
#   --presentational-hints, which is off, and whose help speaks of presentational hints of HTML, brings all the numbers back; the dialog stays.
# What follows: a PDF that others cite steps of is made with that option, or numbers stand in the text.
set -eu
command -v pdftotext >/dev/null || { echo "pdftotext is needed: apt-get install poppler-utils" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check weasyprint==70.0
cat >steps.html <<'HTML'
<!doctype html><html lang="en"><meta charset="utf-8"><title>Steps</title>
<ol start="7"><li>Send the bill.</li><li value="20">Wait.</li></ol><ol type="a"><li>Remind.</li></ol>
<dialog>Draft, not in force.</dialog></html>
HTML
printed() { venv/bin/weasyprint "$@" steps.html steps.pdf 2>>said && pdftotext -layout steps.pdf - | sed 's/^ *//' | grep . | tr '\n' ' '; }
plain=$(printed)
hints=$(printed --presentational-hints)
printf '%s\n' "as it is: $plain" "with --presentational-hints: $hints" "said: $(cat said)"
case $plain in '1. Send the bill. 2. Wait. 1. Remind. Draft, not in force.'*) ;; *) exit 1 ;; esac
case $hints in '7. Send the bill. 20. Wait. a. Remind. Draft, not in force.'*) ;; *) exit 1 ;; esac
