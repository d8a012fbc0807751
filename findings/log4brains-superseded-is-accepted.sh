#!/usr/bin/env bash
# Decisions as three tools write them: adr-tools (a section "Status", "Superseded by [2. Use B](…)"), MADR 4 (front matter, status:
# "superseded by ADR-0003"), and the list that Log4brains' own template has ("- Status: superseded by […](…)").
#
# Expected: the page of decisions shows the first two as superseded too, or as decisions whose status is not known.
# Seen (@log4brains/core 1.1.0): as "accepted", and so is a deprecated one that says so in a plain line ("Status: Deprecated"). Only
#   the list of its own template counts; a decision whose status it does not read holds. Nothing warns.
# What follows: where decisions were written with another tool, or by MADR 3 or later, their statuses are rewritten before they
#   are shown with it; a reader of statuses has a word for "not known".
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit @log4brains/core@1.1.0 >/dev/null
mkdir decisions
printf 'project:\n  name: Decisions\n  tz: UTC\n  adrFolder: ./decisions\n' >.log4brains.yml
cat >decisions/0001-use-a.md <<'MD'
# 1. Use A

Date: 2026-05-01

## Status

Superseded by [2. Use B](0002-use-b.md)

## Context
MD
cat >decisions/0002-use-b.md <<'MD'
---
status: "superseded by ADR-0003"
date: 2026-05-02
---
# Use B

## Context and Problem Statement
MD
cat >decisions/0003-use-c.md <<'MD'
# Use C

- Status: superseded by [0004-use-d](0004-use-d.md)
- Date: 2026-05-03
MD
printf '# Use D\n\nStatus: Deprecated\n\n## Context\n' >decisions/0004-use-d.md
git init -q -b main . && git config user.name Somebody && git config user.email somebody@example.org
git add decisions && git commit -q -m 'Decide'
cat >ask.cjs <<'JS'
const { Log4brains } = require("@log4brains/core");
Log4brains.create(process.cwd()).searchAdrs().then((found) => {
  found.sort((one, other) => (one.slug < other.slug ? -1 : 1)).forEach(({ title, status }) => console.log(`${title}: ${status}`));
});
JS
seen=$(node ask.cjs)
printf '%s\n' "$seen"
[ "$seen" = '1. Use A: accepted
Use B: accepted
Use C: superseded
Use D: accepted' ]
