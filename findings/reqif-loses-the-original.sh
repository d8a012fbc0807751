#!/usr/bin/env bash
# Requirements go from one tool to another and back as ReqIF. A tool that could not show a text as it was has put a simpler one in its
# place, says so (IS-SIMPLIFIED), and keeps what it was given in THE-ORIGINAL-VALUE, as the standard has it for this very purpose. A status
# has two lines (&#10; in the attribute), and the header's comment an ampersand. The file is read, and written unchanged.
#
# Expected: the file that was read, in another layout at most.
# Seen (reqif 0.1.0, the library beneath StrictDoc's import and export): the original is gone, and so is the mark that the text was
#   simplified; the line end is written as it is, which whoever reads the attribute next turns into a blank (XML 1.0, 3.3.3), and
#   so two lines are one; a default value loses its DEFINITION; and with the comment's bare "&" no other reader
#   opens the file at all.
# What follows: what came as ReqIF is kept as the file that came, and what goes back is compared with it, value by value.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check reqif==0.1.0
venv/bin/python - <<'PYTHON'
import sys

from lxml import etree
from reqif.parser import ReqIFParser
from reqif.unparser import ReqIFUnparser

DAY = 'LAST-CHANGE="2026-05-12T00:00:00Z"'
NAMES = 'xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def defined(kind: str, name: str) -> str:
    return f"<DEFINITION><ATTRIBUTE-DEFINITION-{kind}-REF>{name}</ATTRIBUTE-DEFINITION-{kind}-REF></DEFINITION>"


def filed(comment: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF {NAMES}>
  <THE-HEADER><REQ-IF-HEADER IDENTIFIER="header">
    <COMMENT>{comment}</COMMENT>
    <CREATION-TIME>2026-05-12T00:00:00Z</CREATION-TIME>
    <REQ-IF-TOOL-ID>tool</REQ-IF-TOOL-ID>
    <REQ-IF-VERSION>1.0</REQ-IF-VERSION>
    <SOURCE-TOOL-ID>tool</SOURCE-TOOL-ID>
    <TITLE>Rules</TITLE>
  </REQ-IF-HEADER></THE-HEADER>
  <CORE-CONTENT><REQ-IF-CONTENT>
    <DATATYPES>
      <DATATYPE-DEFINITION-STRING IDENTIFIER="string" {DAY} MAX-LENGTH="1000"/>
      <DATATYPE-DEFINITION-XHTML IDENTIFIER="xhtml" {DAY}/>
    </DATATYPES>
    <SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="rule" {DAY}><SPEC-ATTRIBUTES>
      <ATTRIBUTE-DEFINITION-STRING IDENTIFIER="status" {DAY} LONG-NAME="Status">
        <DEFAULT-VALUE><ATTRIBUTE-VALUE-STRING THE-VALUE="Draft">{defined("STRING", "status")}</ATTRIBUTE-VALUE-STRING></DEFAULT-VALUE>
        <TYPE><DATATYPE-DEFINITION-STRING-REF>string</DATATYPE-DEFINITION-STRING-REF></TYPE>
      </ATTRIBUTE-DEFINITION-STRING>
      <ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="text" {DAY} LONG-NAME="ReqIF.Text">
        <TYPE><DATATYPE-DEFINITION-XHTML-REF>xhtml</DATATYPE-DEFINITION-XHTML-REF></TYPE>
      </ATTRIBUTE-DEFINITION-XHTML>
    </SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES>
    <SPEC-OBJECTS><SPEC-OBJECT IDENTIFIER="gate-7" {DAY}>
      <VALUES>
        <ATTRIBUTE-VALUE-STRING THE-VALUE="Superseded&#10;by Gate 8">{defined("STRING", "status")}</ATTRIBUTE-VALUE-STRING>
        <ATTRIBUTE-VALUE-XHTML IS-SIMPLIFIED="true">
          <THE-VALUE><xhtml:div>The rate may change.</xhtml:div></THE-VALUE>
          <THE-ORIGINAL-VALUE><xhtml:div>The rate <xhtml:del>may</xhtml:del> must not change.</xhtml:div></THE-ORIGINAL-VALUE>
          {defined("XHTML", "text")}
        </ATTRIBUTE-VALUE-XHTML>
      </VALUES>
      <TYPE><SPEC-OBJECT-TYPE-REF>rule</SPEC-OBJECT-TYPE-REF></TYPE>
    </SPEC-OBJECT></SPEC-OBJECTS>
    <SPEC-RELATIONS></SPEC-RELATIONS>
    <SPECIFICATIONS></SPECIFICATIONS>
  </REQ-IF-CONTENT></CORE-CONTENT>
</REQ-IF>
"""


def written(text: str) -> str:
    return ReqIFUnparser.unparse(ReqIFParser.parse_from_string(text))


def said(text: str) -> dict[str, object]:
    root = etree.fromstring(text.encode())
    name = "{http://www.omg.org/spec/ReqIF/20110401/reqif.xsd}"
    values = [each.get("THE-VALUE") for each in root.iter(f"{name}ATTRIBUTE-VALUE-STRING")]
    return {
        "status": values[-1],
        "simplified": [each.get("IS-SIMPLIFIED") for each in root.iter(f"{name}ATTRIBUTE-VALUE-XHTML")],
        "original": ["".join(each.itertext()).strip() for each in root.iter(f"{name}THE-ORIGINAL-VALUE")],
        "definition of the default": len(root.findall(f".//{name}DEFAULT-VALUE//{name}DEFINITION")),
    }


before, after = said(filed("Rules")), said(written(filed("Rules")))
for name in before:
    print(f"{name}: {before[name]!r} -> {after[name]!r}")
try:
    etree.fromstring(written(filed("Rules &amp; terms")).encode())
    opens = True
except etree.XMLSyntaxError as error:
    opens = False
    print("with an ampersand in the comment:", error)
sys.exit(
    opens
    or before["status"] != "Superseded\nby Gate 8"
    or before["original"] != ["The rate may must not change."]
    or after != {"status": "Superseded by Gate 8", "simplified": [None], "original": [], "definition of the default": 0}
)
PYTHON
