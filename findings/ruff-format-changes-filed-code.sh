#!/usr/bin/env bash
# A repository holds a program in Python and, beside it, documents that are kept as they were filed. "ruff format" is run
# from its top, by hand or before each commit.
#
# Expected: it formats Python files, and leaves documents alone.
# Seen (ruff 0.17.5): with no configuration it also rewrites fenced Python in every .md file, archived ones too, and
#   counts them with the rest ("2 files reformatted"). The digests of what was filed no longer hold.
# What follows: leave the folder of documents out of it: extend-exclude = ["content"], below [tool.ruff].
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check ruff==0.17.5
mkdir -p "$temp/project/content/archive"
cd "$temp/project"
printf 'rates = {"a":1}\n' >program.py
printf '# Rates\n\nVersion: 0.1\n\n```python\nrates = {"a":1}\n```\n' >content/archive/rates-v0_1.md
before=$(sha256sum content/archive/rates-v0_1.md)
said=$("$temp/venv/bin/ruff" format)
after=$(sha256sum content/archive/rates-v0_1.md)
kept=$(printf '# Rates\n\nVersion: 0.1\n\n```python\nrates = {"a":1}\n```\n' | tee content/archive/rates-v0_1.md | sha256sum)
printf '[tool.ruff]\nextend-exclude = ["content"]\n' >pyproject.toml
"$temp/venv/bin/ruff" format --no-cache >/dev/null
excluded=$(sha256sum <content/archive/rates-v0_1.md)
printf '%s\n' "$said" "before: $before" "after:  $after" "excluded: $excluded"
[ "$said" = "2 files reformatted" ] && [ "$before" != "$after" ] && [ "$kept" = "$excluded" ]
