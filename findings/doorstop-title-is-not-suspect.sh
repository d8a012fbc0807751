#!/usr/bin/env bash
# Doorstop marks a link "suspect" when the item that it leads to has changed since the link was reviewed.
#
# Expected: a changed title ("header"), or an item that is no longer normative, makes the links to it suspect, as a
# changed text does.
# Seen (doorstop 3.2): of a reviewed item one may change the header, the level and "normative" with no warning of any kind:
#   the links to it stay clean and so does its own review. A single word of the text is told.
# What follows: whoever takes over "suspect links" as a model for citations that know whether their ground moved must
# say what counts as the ground; titles and standing do not in Doorstop.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check doorstop==3.2
mkdir "$temp/project"
cd "$temp/project"
git init -q
doorstop() { "$temp/venv/bin/doorstop" "$@" 2>&1 | sed 's/^ *//' | grep -E 'suspect|unreviewed' || true; }
quiet() { "$temp/venv/bin/doorstop" "$@" >/dev/null 2>&1; }
quiet create REQ requirements && quiet create TST tests --parent REQ
quiet add REQ && quiet add TST && quiet link TST001 REQ001
item=requirements/REQ001.yml
change() { sed -i "s/^$1: .*/$1: $2/" "$item"; }
change text 'The door opens in five seconds.'
change header 'Doors'
quiet clear all && quiet review all
clean=$(doorstop)
change header 'Windows and gates'
header=$(doorstop)
change level 3.7
level=$(doorstop)
change normative false
normative=$(doorstop)
sed -i 's/five/six/' "$item"
text=$(doorstop)
printf '%s\n' "reviewed: '$clean'" "header: '$header'" "level: '$level'" "normative: '$normative'" "text: '$text'"
[ -z "$clean$header$level$normative" ] && [ "${text#*suspect link: REQ001}" != "$text" ]
