#!/usr/bin/env bash
# v0.1 was superseded, and its address is to lead to v0.2: a redirect in the configuration. The file of v0.1 is still there,
# and in the navigation.
#
# Expected: an error, a warning (which --strict makes an error), or the page.
# Seen (MkDocs 1.6.1, mkdocs-redirects 1.2.3): the redirect is written over the page, with --strict too and without a word.
#   The text of v0.1 is at no address of the site any more; the search and the sitemap still have it.
# What follows: a redirect from an address that a page has is refused before anything is written.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check mkdocs==1.6.1 mkdocs-redirects==1.2.3
mkdir docs
echo '# Home' >docs/index.md
printf '# CR v0.1\n\nGate seven must be green.\n' >docs/cr-v0_1.md
printf '# CR v0.2\n\nGate nine must be green.\n' >docs/cr-v0_2.md
cat >mkdocs.yml <<'YAML'
site_name: Record
site_url: https://r.example/
plugins:
  - search
  - redirects:
      redirect_maps: {cr-v0_1.md: cr-v0_2.md}
YAML
code=0
venv/bin/mkdocs build --strict >log 2>&1 || code=$?
told=$(grep -cE '^(WARNING|ERROR).*cr-v0_1' log || true)
page=$(grep -c 'Gate seven' site/cr-v0_1/index.html || true)
found=$(grep -o 'Gate seven' site/search/search_index.json | wc -l)
listed=$(grep -c 'cr-v0_1' site/sitemap.xml || true)
echo "mkdocs build --strict: $code, told of it: $told; text in its page: $page, in the search: $found, in the sitemap: $listed"
[ "$code $told $page" = "0 0 0" ] && [ "$found" -gt 0 ] && [ "$listed" -gt 0 ]
