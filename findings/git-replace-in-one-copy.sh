#!/usr/bin/env bash
# A word of a tagged version is corrected with "git replace": the commit and its tag keep their ids, the blob gets other words.
#
# Expected: whoever asks for tag v0.2 gets the same words in each copy of the repository, or git says that two differ.
# Seen (git 2.39.5, Debian 12): "git show", "git archive" and a new worktree give the corrected words, under the id of the old ones.
#   A mirror (clone --mirror) and a bundle of all take the correction along; a clone, of the bundle too, gets the old words.
#   "git fsck" finds nothing, in any of them. GIT_NO_REPLACE_OBJECTS=1 shows the old ones everywhere.
# What follows: what is filed is corrected with a new version. Who checks bytes against a commit sets that variable.
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q -b main origin
cd origin
git config user.name Somebody
git config user.email somebody@example.org
echo 'Gate 7 is green.' >cr-v0_2.md
git add . && git commit -q -m 'File v0.2' && git tag v0.2
before=$(git rev-parse v0.2:cr-v0_2.md)
echo 'Gate 7 is not green.' >../corrected.md
git replace "$before" "$(git hash-object -w ../corrected.md)"
[ "$(git rev-parse v0.2:cr-v0_2.md)" = "$before" ]
git clone -q --mirror . ../mirror
git clone -q . ../clone
git bundle create -q ../all.bundle --all
git clone -q ../all.bundle ../of-bundle
git worktree add -q ../worktree v0.2
words() { git -C "$temp/$1" show v0.2:cr-v0_2.md; }
seen="origin: $(words origin)
archive: $(git archive v0.2 | tar -xO cr-v0_2.md)
worktree: $(cat ../worktree/cr-v0_2.md)
mirror: $(words mirror)
clone: $(words clone)
clone of the bundle: $(words of-bundle)
fsck: $(for copy in origin mirror clone; do git -C "$temp/$copy" fsck --no-dangling 2>&1; done)
without replacements: $(GIT_NO_REPLACE_OBJECTS=1 git show v0.2:cr-v0_2.md)"
printf '%s\n' "$seen"
[ "$(git bundle list-heads ../all.bundle | grep -c refs/replace/)" = 1 ]
[ "$seen" = 'origin: Gate 7 is not green.
archive: Gate 7 is not green.
worktree: Gate 7 is not green.
mirror: Gate 7 is not green.
clone: Gate 7 is green.
clone of the bundle: Gate 7 is green.
fsck: 
without replacements: Gate 7 is green.' ]
