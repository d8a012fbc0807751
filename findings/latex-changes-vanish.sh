#!/usr/bin/env bash
# Two ways in which LaTeX documents show what changed: the package "changes" (\added, \deleted, \replaced), and what latexdiff
# writes (\DIFadd, \DIFdel). A revised text is made into Markdown.
#
# Expected: the text with all changes accepted, as pandoc gives a .docx with tracked changes, or both sides of each.
# Seen (pandoc 3.9, by pypandoc_binary 1.17, no option set): what was added is gone as well as what was deleted, and of what
#   was replaced both: "The rate must not change. Gate 8 holds." reads "The rate change. holds.". Nothing on stderr; "--verbose"
#   alone says "Skipped '\added{must not}'". \sout, \st and \hl are known and kept.
# What follows: accept the changes before a conversion, or define the commands in the text for it: pandoc expands
#   \newcommand{\added}[1]{#1}.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pypandoc_binary==1.17
pandoc=$(venv/bin/python -c 'import pypandoc; print(pypandoc.get_pandoc_path())')
write() {
  cat >"$1" <<TEX
\documentclass{article}
$2
\begin{document}
The rate \deleted{may}\added{must not} change. \replaced{Gate 8}{Gate 7} holds.

The fee is \DIFaddbegin \DIFadd{not }\DIFaddend \DIFdelbegin \DIFdel{always }\DIFdelend due. \sout{Struck.}
\end{document}
TEX
}
write revised.tex '\usepackage{changes}\usepackage{ulem}'
write defined.tex '\newcommand{\added}[1]{#1}\newcommand{\deleted}[1]{}\newcommand{\replaced}[2]{#1}\newcommand{\DIFadd}[1]{#1}'
seen=$("$pandoc" -f latex -t gfm revised.tex 2>said)
helped=$("$pandoc" -f latex -t gfm defined.tex)
printf '%s\n' "As it is:" "$seen" "" "With the commands defined in the text:" "$helped"
[ ! -s said ]
"$pandoc" --verbose -f latex -t gfm revised.tex 2>&1 >/dev/null | grep -F "\\added{must not}"
[ "$seen" = 'The rate change. holds.

The fee is due. ~~Struck.~~' ]
[ "$helped" = 'The rate must not change. Gate 8 holds.

The fee is not due. ~~Struck.~~' ]
