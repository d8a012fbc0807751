#!/usr/bin/env bash
# v0.2 takes an exception out of the step that it belongs to, makes two paragraphs of one, and a block of code of a line. No
# word is another. A reader asks "git diff --word-diff", as many do for prose.
#
# Expected: something is marked, if only a line.
# Seen (git 2.39.5, Debian 12): nothing is. The new text is shown without a mark, as if it were what stands around a change;
#   --word-diff=porcelain says the same to programs, and "git diff --stat" counts the lines.
# What follows: a comparison of words says too where blocks have moved in, out, together or apart.
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
printf -- '- Ship when Gate 7 is green.\n  - Not in May.\n\nHold the release\nuntil the audit.\n\nStop.\n' >old.md
printf -- '- Ship when Gate 7 is green.\n- Not in May.\n\nHold the release\n\nuntil the audit.\n\n    Stop.\n' >new.md
words=$(git diff --no-index --word-diff=plain old.md new.md || true)
programs=$(git diff --no-index --word-diff=porcelain old.md new.md || true)
lines=$(git diff --no-index --numstat old.md new.md | cut -f1,2 || true)
echo "$words"
marked=$(grep -cE '\[-|\{\+' <<<"$words" || true)
told=$(sed '1,/^@@/d' <<<"$programs" | grep -c '^[-+]' || true)
echo "words marked: $marked, for programs: $told, lines added and removed: $lines"
[ "$marked $told" = "0 0" ] && [ "$lines" = "$(printf '3\t2')" ]
