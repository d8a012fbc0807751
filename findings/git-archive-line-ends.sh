#!/usr/bin/env bash
# One commit, made into a tar file by two people with "git archive": one has core.autocrlf on, as many have on Windows.
#
# Expected: the same bytes; a commit is a digest of them, and nothing is checked out.
# Seen (git 2.39.5, Debian 12): the second has CRLF in every text. "git archive" converts as a checkout does, by the
#   configuration of who calls it; "git show COMMIT:FILE" does not, and "-text" in a committed .gitattributes keeps it from
#   that.
# What follows: digests of filed bytes are not taken of an archive of git, unless .gitattributes has "* -text".
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q -b main .
git config user.name Somebody
git config user.email somebody@example.org
printf '# CR v0.2\n\nGate 7 is green.\n' >cr-v0_2.md
git add .
git commit -q -m "File CR v0.2"
digest() { tar -xO cr-v0_2.md | sha256sum | cut -c1-16; }
filed=$(sha256sum <cr-v0_2.md | cut -c1-16)
one=$(git archive HEAD | digest)
other=$(git -c core.autocrlf=true archive HEAD | digest)
shown=$(git -c core.autocrlf=true show HEAD:cr-v0_2.md | sha256sum | cut -c1-16)
echo '* -text' >.gitattributes
git add .
git commit -q -m "Keep filed bytes"
kept=$(git -c core.autocrlf=true archive HEAD | digest)
printf '%s\n' "filed:                  $filed" "archive:                $one" "archive, core.autocrlf: $other" \
  "show, core.autocrlf:    $shown" "archive, with -text:    $kept"
[ "$one $shown $kept" = "$filed $filed $filed" ] && [ "$other" != "$filed" ]
