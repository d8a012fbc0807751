#!/usr/bin/env bash
# A DocBook document between two revisions: revisionflag="deleted" and "added" on words and a paragraph, as DocBook 4.5 and 5
# define the attribute.
#
# Expected: what is deleted is left out, or struck through.
# Seen (DocBook XSL 1.79.2 as Debian has it, html/docbook.xsl; pandoc 3.9 by pypandoc_binary 1.17): the attribute is passed
#   over. "may" and "must not" stand beside each other, without a blank where the source has none, and a deleted paragraph reads
#   like any other. Only html/changebars.xsl, another stylesheet of the same package, strikes it.
# What follows: a text with revision flags is made with changebars.xsl, or the flags are resolved before it is published.
set -eu
sheets=/usr/share/xml/docbook/stylesheet/docbook-xsl/html
[ -x "$(command -v xsltproc)" ] && [ -e $sheets/docbook.xsl ] ||
  { echo "xsltproc and docbook-xsl are needed: apt-get install xsltproc docbook-xsl" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pypandoc_binary==1.17
cat >rates.xml <<'XML'
<?xml version="1.0"?>
<article><title>Rates</title>
<para>The rate <phrase revisionflag="deleted">may</phrase><phrase revisionflag="added">must not</phrase> change.</para>
<para revisionflag="deleted">Bills are sent by post.</para></article>
XML
words() { sed -e 's/.*<hr>//' -e 's/<\/body>.*//' -e 's/<[^>]*>/ /g' | tr -s ' \n' ' '; }
plain=$(xsltproc --nonet $sheets/docbook.xsl rates.xml)
bars=$(xsltproc --nonet $sheets/changebars.xsl rates.xml)
pandoc=$(venv/bin/python -c 'import pypandoc; print(pypandoc.convert_file("rates.xml", "gfm", format="docbook"))')
printf '%s\n' "docbook.xsl: $(printf '%s' "$plain" | tail -n 1 | words)" "pandoc: $(printf '%s' "$pandoc" | words)"
printf 'changebars.xsl: %s\n' "$(printf '%s' "$bars" | grep -o 'class="deleted"' | wc -l) marked as deleted"
printf '%s' "$plain" | grep -q '<span class="phrase">may</span><span class="phrase">must not</span> change'
printf '%s' "$plain" | grep -q '<p>Bills are sent by post.</p>'
! printf '%s' "$plain" | grep -q deleted
printf '%s' "$pandoc" | grep -q 'The rate maymust not change'
printf '%s' "$pandoc" | grep -q '^Bills are sent by post.'
[ "$(printf '%s' "$bars" | grep -o 'class="deleted"' | wc -l)" = 2 ]
