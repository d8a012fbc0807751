#!/usr/bin/env bash
# Three formatters of Markdown, as they run before a commit, over a file in which every line is valid GitHub Markdown: a row
# with one cell more than the head has, and a reference definition that nothing in this file uses.
#
# Expected: blanks and marks change, words do not; a formatter that would lose words says so.
# Seen: mdformat 1.0.0 with mdformat-gfm 1.0.0 rewrites the file without the cell and without the definition, and ends with 0. Its own
#   safety check compares the rendered HTML before and after, and there neither is seen, since GitHub's rules drop both.
#   prettier 3.10.1, and remark-cli 12.0.1 with remark-gfm 4.0.1, keep both.
# What follows: filed documents are kept away from formatters, and the digest in the log is what tells that one ran. Text
# that the rules of Markdown do not show is still text that somebody filed.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check mdformat==1.0.0 mdformat-gfm==1.0.0
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit prettier@3.10.1 remark-cli@12.0.1 remark-gfm@4.0.1 >/dev/null
cat >note.md <<'MARKDOWN'
| Gate | State |
|------|-------|
| 5b   | open  | until Tuesday |

[tariffs]: https://example.org/tariffs
MARKDOWN
by_mdformat=$(venv/bin/mdformat - <note.md)
by_prettier=$(node_modules/.bin/prettier note.md)
by_remark=$(node_modules/.bin/remark --use remark-gfm --quiet note.md)
kept() { printf '%s' "$1" | grep -oE 'until Tuesday|tariffs\]: https' | tr '\n' ';'; }
printf '%s\n' "mdformat: $(kept "$by_mdformat")" "prettier: $(kept "$by_prettier")" "remark: $(kept "$by_remark")"
both='until Tuesday;tariffs]: https;'
[ -z "$(kept "$by_mdformat")" ] && [ "$(kept "$by_prettier")" = "$both" ] && [ "$(kept "$by_remark")" = "$both" ]
