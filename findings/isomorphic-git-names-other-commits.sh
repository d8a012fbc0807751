#!/usr/bin/env bash
# When did a version change, and in which commit? A change request is edited on a branch on 2 May, other notes on main on 3 May, and
# the branch is merged on 4 May. A program in JavaScript asks for the commits of the request alone: log({filepath}).
#
# Expected: as "git log -- cr.md" says, the edit of 2 May and the first commit; perhaps the merge.
# Seen (isomorphic-git 1.44.19): "Change the notes" of 3 May is among them, a commit that has not touched the file, beside the merge.
#   All commits are put in one line by their dates, and a file's bytes are compared along that line, not with those of a parent. With
#   {depth: 1} there are two commits, and the edit is neither.
# What follows: who changed a version, and when, is asked of git, or each commit is compared with its parents.
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit isomorphic-git@1.44.19 >/dev/null
git init -q -b main record && cd record
git config user.name Somebody && git config user.email somebody@example.org
at() { GIT_AUTHOR_DATE="$1T00:00:00Z" GIT_COMMITTER_DATE="$1T00:00:00Z" git "${@:2}"; }
echo 'The rate may change.' >cr.md && echo 'Notes.' >notes.md && git add . && at 2026-05-01 commit -q -m 'File the request'
git checkout -q -b work && echo 'The rate may not change.' >cr.md && at 2026-05-02 commit -q -a -m 'Change the request'
git checkout -q main && echo 'More notes.' >notes.md && at 2026-05-03 commit -q -a -m 'Change the notes'
at 2026-05-04 merge -q --no-ff -m 'Merge the branch' work
cat >../ask.cjs <<'JS'
const git = require("isomorphic-git"), fs = require("fs");
const said = (commits) => commits.map(({ commit }) => commit.message.trim()).join(", ");
(async () => {
  const of = { fs, dir: "record", filepath: "cr.md" };
  console.log(`isomorphic-git: ${said(await git.log(of))}`);
  console.log(`of these the newest: ${said(await git.log({ ...of, depth: 1 }))}`);
})();
JS
cd ..
seen="git: $(git -C record log --format=%s -- cr.md | paste -sd, | sed 's/,/, /g')
$(node ask.cjs)"
printf '%s\n' "$seen"
[ "$seen" = 'git: Change the request, File the request
isomorphic-git: Merge the branch, Change the notes, Change the request, File the request
of these the newest: Merge the branch, Change the notes' ]
