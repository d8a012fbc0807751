#!/usr/bin/env bash
# A change log in the form of Keep a Changelog, with an item that goes on in a second line, as people wrap them, and a version
# that was withdrawn ("[YANKED]", as that form says).
#
# Expected: programs that read it give the whole item, and say that 0.10.0 is yanked.
# Seen (npm changelog-parser 3.0.1): "The rate may not change." is the change "The rate may"; what is nested below an item is gone
#   too, and nothing but the title says that 0.10.0 was withdrawn. keepachangelog 2.0.0 (Python) makes two changes of it, "The
#   rate may" and "not change.", and the date is "2026-05-12 [yanked]". npm keep-a-changelog 3.1.0 reads both right.
# What follows: notes of a release that are made from a change log are read before they are sent; what is withdrawn says so in
#   a sentence of its own.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check keepachangelog==2.0.0
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-fund --no-audit changelog-parser@3.0.1 keep-a-changelog@3.1.0 >/dev/null
cat >CHANGELOG.md <<'MD'
# Changelog

## [0.10.0] - 2026-05-12 [YANKED]

### Changed

- The rate may
  not change.
- Gate 7 holds:
  - unless halted.
MD
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import parse from "changelog-parser";
import { parser } from "keep-a-changelog";
const text = readFileSync("CHANGELOG.md", "utf8");
const { version, date, parsed } = (await parse({ text })).versions[0];
console.log("changelog-parser:", version, date, JSON.stringify(parsed.Changed));
const [release] = parser(text).releases;
const items = [...release.changes.get("changed")].map(({ title, description }) => [title, description].join(" ").replace(/\s+/g, " ").trim());
console.log("keep-a-changelog:", String(release.version), "yanked", release.yanked, JSON.stringify(items));
JS
seen=$(node read.mjs; venv/bin/python -c '
import json, keepachangelog
version = keepachangelog.to_dict("CHANGELOG.md")["0.10.0"]
print("keepachangelog:", version["metadata"]["release_date"], json.dumps(version["changed"], separators=(",", ":")))')
printf '%s\n' "$seen"
[ "$seen" = 'changelog-parser: 0.10.0 2026-05-12 ["The rate may","Gate 7 holds:"]
keep-a-changelog: 0.10.0 yanked true ["The rate may not change.","Gate 7 holds: - unless halted."]
keepachangelog: 2026-05-12 [yanked] ["The rate may","not change.","Gate 7 holds:","unless halted."]' ]
