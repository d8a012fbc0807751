#!/usr/bin/env bash
# A citation file (CITATION.cff 1.2.0) for version 0.10 of something, with the version unquoted, as most are written.
#
# Expected: the validator refuses a number, or what cites it says 0.10.
# Seen (cffconvert 2.0.0): "valid according to schema version 1.2.0", and 0.10 is cited as version 0.1: a version that exists, and
#   is another one. CodeMeta, Zenodo and schema.org get a JSON number, 0.1, where their own rules want text.
#   BibTeX and RIS name no version at all.
# What follows: a version is written in quotes in whatever we make for others to cite from, and read as text.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check cffconvert==2.0.0
cat >"$temp/CITATION.cff" <<'CFF'
cff-version: 1.2.0
message: Please cite these notes.
title: Handling notes
version: 0.10
date-released: 2026-05-12
authors:
  - name: Example
CFF
convert() { "$temp/venv/bin/cffconvert" -i "$temp/CITATION.cff" "$@" 2>&1; }
valid=$(convert --validate)
apa=$(convert -f apalike)
number=$(convert -f schema.org | grep version)
bibtex=$(convert -f bibtex | grep -ci version || true)
ris=$(convert -f ris | grep -c '0\.1' || true)
printf '%s\n' "$valid" "$apa" "$number" "lines with a version in BibTeX: $bibtex, in RIS: $ris"
[ "${valid#*valid according to schema version 1.2.0}" != "$valid" ] &&
  [ "${apa#*(version 0.1)}" != "$apa" ] && [ "${number#*: 0.1}" != "$number" ] && [ "$bibtex$ris" = 00 ]
