#!/usr/bin/env bash
# Redlines compares two texts word by word and gives them back as one, with what went and what came.
#
# Expected: without the marks, each side is its text again. A legal text cites paragraphs by their sign: "Terms, ¶ 12".
# Seen (redlines 0.6.2): the program marks paragraphs with that sign inside, and gives every ¶ of the text back as a
#   paragraph's end: "Terms, ¶ 12" is "Terms,", an empty line, "12", on both sides. Lines of a fenced block come back as
#   paragraphs, without their indents. Needs typing_extensions, which it does not ask for.
# What follows: whoever compares texts that cite paragraphs, or hold code, reads neither side from that output.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check redlines==0.6.2 typing_extensions==4.15.0
cat >"$temp/compare.py" <<'END'
from redlines import Redlines

def compare(old, new):
    return Redlines(old, new, markdown_style="none").output_markdown

print(repr(compare("Terms, ¶ 12, hold.", "Terms, ¶ 12, hold now.")))
print(repr(compare("```\nif a:\n    b\n```\n\nOne.", "```\nif a:\n    b\n```\n\nTwo.")))
END
seen=$("$temp/venv/bin/python" "$temp/compare.py")
printf '%s\n' "$seen"
[ "$seen" = "'Terms, \n\n12, <del>hold.</del><ins>hold now.</ins>'
'\`\`\` \n\nif a: \n\nb \n\n\`\`\` \n\n<del>One.</del><ins>Two.</ins>'" ]
