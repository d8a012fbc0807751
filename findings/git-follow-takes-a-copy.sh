#!/usr/bin/env bash
# A folder of versions: v0.2 is made from v0.1 and committed beside it a month later. v0.1 stays where it is, unchanged.
# When was v0.2 first committed? Programs ask "git log --follow", which "continues beyond renames".
#
# Expected: in June. Nothing was renamed.
# Seen (git 2.39.5; the line that does it, find_copies_harder in tree-diff.c, stands in later ones too): in May. --follow
#   takes a new file for a copy of any one that resembles it, also of one that is still there; no other form of "git log"
#   does, -M included. mkdocs-git-revision-date-localized-plugin 1.6.3 prints May as v0.2's date of creation.
# What follows: the time of a version is asked of "git log -M --diff-filter=AR", and a rename counts where the bytes or
# the version in the name are the same.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check mkdocs==1.6.1 \
  mkdocs-git-revision-date-localized-plugin==1.6.3
mkdir -p project/docs
cd project
git init -q .
git config user.name Somebody
git config user.email somebody@example.org
printf '%s\n' 'site_name: Notes' 'plugins:' '  - git-revision-date-localized:' '      enable_creation_date: true' >mkdocs.yml
commit() {
  git add --all
  GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 git commit -q -m "$1"
}
{
  echo '# Rates'
  seq 60 | sed 's/.*/Rate & holds from the day on which it is signed./'
  printf '\nCreated: {{ git_creation_date_localized }}\n'
} >docs/rates-v0_1.md
commit 2026-05-01T12:00:00Z
sed 's/^Rate 7 holds/Rate 7 ended/' docs/rates-v0_1.md >docs/rates-v0_2.md
commit 2026-06-01T12:00:00Z
first() { git log "$@" --diff-filter=A --format=%as -- docs/rates-v0_2.md | tail -1; }
followed=$(first --follow)
renames=$(first -M)
../venv/bin/mkdocs --quiet build 2>/dev/null
printed=$(sed -n 's/.*Created: .*>\(.*\)<\/span.*/\1/p' site/rates-v0_2/index.html)
[ -n "$printed" ] || printed=$(grep -o 'Created: .*' site/rates-v0_2/index.html)
printf '%s\n' "--follow: $followed" "-M: $renames" "printed: $printed"
[ "$followed" = 2026-05-01 ] && [ "$renames" = 2026-06-01 ] && [ "${printed#*May 1, 2026}" != "$printed" ]
