#!/usr/bin/env bash
# A decision record that was amended, and superseded later. Below "Status" it has both lines, in this order, as
# adr-tools 3.0.0 (Debian) writes them: "adr new -l '2:Amends:Amended by' …", then "adr new -s 2 …".
#
# Expected: a viewer of decisions shows it as superseded: greyed and struck through.
# Seen (adr-viewer 1.4.0): as amended, like a decision that holds. The first line that it knows decides. The same file
#   without the line "Amended by" is superseded; with the status in front matter, as MADR 3 and 4 have it, unknown.
# What follows: of all that a status says, what ends a document's force goes first.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check adr-viewer==1.4.0
cd "$temp"
mkdir decisions
rest='## Context

Which is it to be?

## Decision

This one.'
amended='Amended by [3. More doors](0003-more-doors.md)'
superseded='Superseded by [4. Use halls](0004-use-halls.md)'
printf '%s\n\n' '# 2. Use rooms' 'Date: 2026-05-12' '## Status' "$amended" "$superseded" "$rest" >decisions/0002-use-rooms.md
printf '%s\n\n' '# 3. Use gates' 'Date: 2026-05-12' '## Status' "$superseded" "$rest" >decisions/0003-use-gates.md
printf '%s\n' '---' 'status: superseded by ADR-0004' 'date: 2026-05-12' '---' '# Use stairs' '' "$rest" >decisions/0005-use-stairs.md
venv/bin/adr-viewer --adr-path decisions --output decisions.html >/dev/null 2>&1
shown=$(grep -o 'panel-heading adr-[a-z]*' decisions.html | sed 's/.*adr-//' | tr '\n' ' ')
printf '%s\n' "amended, then superseded: ${shown%% *}" "all three: $shown"
[ "$shown" = "amended superseded unknown " ]
