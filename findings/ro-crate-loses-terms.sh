#!/usr/bin/env bash
# A folder of versions described by RO-Crate 1.1: its context defines a term of its own, "standing", as the specification has it, and the
# old version is "Superseded" by it. The crate is read and written again. And a new crate takes cr.md of v0.1/ and cr.md of v0.2/.
#
# Expected: what is read is written; two files, or an error where both would have one name.
# Seen (rocrate 0.16.0, "ro-crate-py"): the term's definition is gone. The word "standing" is still in the file, but a program that reads
#   JSON-LD passes over what no context defines, so no version is superseded any more (pyld 3.3.0). In the new crate the second file took the
#   place of the first, in the list and in the folder. No warning of either.
# What follows: terms go into crate.metadata.extra_terms again after reading, and every file gets a dest_path with its version.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check rocrate==0.16.0 pyld==3.3.0
venv/bin/python -W error::UserWarning - <<'PYTHON'
import json
import sys
from pathlib import Path

from pyld import jsonld
from rocrate.rocrate import ROCrate

for version, said in (("v0.1", "may"), ("v0.2", "may not")):
    Path(version).mkdir()
    Path(version, "cr.md").write_text(f"The rate {said} change.\n")

BASE = "https://w3id.org/ro/crate/1.1/context"
Path("filed").mkdir()
Path("filed/cr-v0.1.md").write_text("The rate may change.\n")
graph = [
    {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}},
    {"@id": "./", "@type": "Dataset", "name": "Record", "description": "Versions", "datePublished": "2026-05-12",
     "license": {"@id": "https://spdx.org/licenses/CC0-1.0"}, "hasPart": [{"@id": "cr-v0.1.md"}]},
    {"@id": "cr-v0.1.md", "@type": "File", "name": "CR v0.1", "standing": "Superseded"},
]
filed = {"@context": [BASE, {"standing": "https://record.example/terms#standing"}], "@graph": graph}
Path("filed/ro-crate-metadata.json").write_text(json.dumps(filed))
ROCrate("filed").write("again")
again = json.loads(Path("again/ro-crate-metadata.json").read_text())


def loader(url, options):  # the terms that matter here, without the network
    context = {"@context": {"name": "http://schema.org/name"}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}


def standing(crate):
    nodes = jsonld.expand(crate, {"documentLoader": loader, "base": "https://record.example/"})
    nodes = [each for node in nodes for each in node.get("@graph", [node])]
    return [each["@value"] for node in nodes for each in node.get("https://record.example/terms#standing", [])]


print("contexts:", filed["@context"], "->", again["@context"])
print("standing, as JSON-LD:", standing(filed), "->", standing(again))

crate = ROCrate()
crate.add_file("v0.1/cr.md", properties={"version": "0.1"})
crate.add_file("v0.2/cr.md", properties={"version": "0.2"})
crate.write("new")
new = json.loads(Path("new/ro-crate-metadata.json").read_text())["@graph"]
listed = [(node["@id"], node.get("version")) for node in new if node["@type"] == "File"]
print("files of the new crate:", listed, Path("new/cr.md").read_text().strip())
sys.exit(
    again["@context"] != BASE
    or '"standing": "Superseded"' not in Path("again/ro-crate-metadata.json").read_text()
    or (standing(filed), standing(again)) != (["Superseded"], [])
    or listed != [("cr.md", "0.2")]
    or Path("new/cr.md").read_text() != "The rate may not change.\n"
)
PYTHON
