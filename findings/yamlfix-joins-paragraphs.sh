#!/usr/bin/env bash
# A requirement as Doorstop keeps it: a YAML file whose text is a literal block (text: |) of two paragraphs and a list. It was reviewed, and
# the review holds a digest of it. Formatters of YAML run over the folder before a commit.
#
# Expected: quotes, blanks and indents change; values do not, and the review stands.
# Seen (yamlfix 1.19.1): the empty lines within the block are taken out, so that two paragraphs and the list are one paragraph as Markdown
#   has it: another value, not another form. Doorstop 3.2 says "unreviewed changes". prettier 3.10.1 keeps the value.
# What follows: files of requirements, and front matter with texts of several paragraphs, are kept away from it, or the values
#   before and after are compared.
set -eu
command -v git >/dev/null || { echo "git is needed: apt-get install git" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check yamlfix==1.19.1 doorstop==3.2 setuptools==80.9.0
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit prettier@3.10.1 >/dev/null
mkdir record && cd record && git init -q -b main .
../venv/bin/doorstop --quiet create REQ ./reqs 2>/dev/null >/dev/null
../venv/bin/doorstop add REQ >/dev/null 2>&1
../venv/bin/python - <<'PYTHON'
import doorstop

item = doorstop.build().find_item("REQ001")
item.text = "Bills are paid within 30 days.\n\nThis does not hold for:\n\n- bills that are contested\n- bills of others"
item.review()
PYTHON
value() { ../venv/bin/python -c 'import sys, yaml; print(repr(yaml.safe_load(open("reqs/REQ001.yml"))["text"]))'; }
warned() { ../venv/bin/doorstop 2>&1 | grep -c 'unreviewed changes' || true; }
filed=$(value)
seen="filed, warnings: $(warned)"
cp reqs/REQ001.yml ../filed.yml
../node_modules/.bin/prettier --write reqs/REQ001.yml >/dev/null
seen="$seen
prettier: $([ "$(value)" = "$filed" ] && echo 'the same value'), warnings: $(warned)"
cp ../filed.yml reqs/REQ001.yml
../venv/bin/yamlfix reqs/REQ001.yml >/dev/null 2>&1
seen="$seen
yamlfix: $(value), warnings: $(warned)"
printf '%s\n' "$filed" "$seen"
[ "$seen" = "filed, warnings: 0
prettier: the same value, warnings: 0
yamlfix: 'Bills are paid within 30 days.\nThis does not hold for:\n- bills that are contested\n- bills of others', warnings: 1" ]
