#!/usr/bin/env bash
# What was filed since 12 May, and what stood in the folder on that day? A repository with one commit just after midnight of
# 12 May 2026 and one just before the next (UTC), asked with the day alone: --since=2026-05-12, --before=2026-05-12.
#
# Expected: --since takes the whole day in, --before begins before it; asked again, they say the same.
# Seen (git 2.39.5, Debian 12): a day without a time is that day at the time of the clock now. --since leaves out what was
#   committed earlier in the day than it is now, and --before brings it in: the same question has another answer in the
#   afternoon. With "00:00" behind it the day is a day.
# What follows: no day goes to git without a time and a zone (2026-05-12T00:00:00Z).
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export TZ=UTC
git init -q -b main .
git config user.name Somebody
git config user.email somebody@example.org
commit() { GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 git commit -q --allow-empty -m "$2"; }
commit 2026-05-12T00:00:01Z early
commit 2026-05-12T23:59:58Z late
said() { git log --format=%s "$@" | tr '\n' ' '; }
since=$(said --since=2026-05-12)
before=$(said --before=2026-05-12)
since_midnight=$(said --since='2026-05-12 00:00')
before_midnight=$(said --before='2026-05-12 00:00')
printf '%s\n' "now: $(date +%T)" "since the day:  $since" "before the day: $before" \
  "since 00:00:  $since_midnight" "before 00:00: $before_midnight"
[ "$since" = "late " ] && [ "$before" = "early " ] && [ "$since_midnight" = "late early " ] && [ -z "$before_midnight" ]
