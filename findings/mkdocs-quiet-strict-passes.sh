#!/usr/bin/env bash
# CI builds a site with --strict, so that a link to a version that is not there fails the build, and with --quiet, so that
# its log is short.
#
# Expected: status 1, as without --quiet.
# Seen (MkDocs 1.6.1, and ProperDocs 1.6.7, which continues it): --quiet takes the warnings away before they are counted. The
#   build passes with a broken link, and with a page that was left out of the site.
# What follows: no --quiet where --strict is to hold; a plugin that wants to fail a strict build raises an error itself.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check mkdocs==1.6.1 properdocs==1.6.7
mkdir docs
echo '# Home, after [CR v0.3](cr-v0_3.md)' >docs/index.md
echo '# Read me' >docs/README.md # beside an index.md it is left out
mkdir theme
echo '{{ page.content }}' | tee theme/main.html >theme/404.html
printf '%s\n' 'site_name: Record' 'theme: {name: null, custom_dir: theme}' >mkdocs.yml
seen=
for host in mkdocs properdocs; do
  for quiet in "" --quiet; do
    code=0
    "venv/bin/$host" build --strict $quiet --config-file mkdocs.yml --site-dir "site-$host" >log 2>&1 || code=$?
    echo "$host build --strict $quiet: $code"
    seen="$seen$code "
  done
done
[ "$seen" = "1 0 1 0 " ] && [ ! -e site-mkdocs/README/index.html ]
