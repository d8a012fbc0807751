#!/usr/bin/env bash
# A version in front matter, written as it stands in the file's name: "version: 0_8", 0_9, 0_10, 1_2. No quotes: it does not
# look like a number.
#
# Expected: texts, or (who knows that 0.10 is 0.1) one error for all.
# Seen: PyYAML 6.0.4 takes _ out of numbers, and what begins with 0 for octal: 0_8 and 0_9 are texts, the next version 0_10
#   is 8, and 1_2 is 12. ruamel.yaml 0.19.1 reads 8, 9, 10 and 12; npm yaml 2.9.1 texts, but with {version: "1.1"} the
#   numbers 8, 9, 8 and 12; js-yaml 5.5.0 texts.
# What follows: 0_10 sorts before 0_9 in one program, and comes after it in the next. A version stands in quotes, or a reader
#   of headers takes every value as text (PyYAML: BaseLoader).
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pyyaml==6.0.4 ruamel.yaml==0.19.1
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit yaml@2.9.1 js-yaml@5.5.0 >/dev/null
{
  venv/bin/python - <<'PYTHON'
import ruamel.yaml
import yaml

versions = "[0_8, 0_9, 0_10, 1_2]"
print("PyYAML", yaml.safe_load(versions))
print("PyYAML, BaseLoader", yaml.load(versions, Loader=yaml.BaseLoader))
print("ruamel.yaml", list(ruamel.yaml.YAML(typ="safe").load(versions)))
PYTHON
  cat >read.mjs <<'JS'
import { load } from "js-yaml";
import { parse } from "yaml";
const versions = "[0_8, 0_9, 0_10, 1_2]";
console.log("yaml", JSON.stringify(parse(versions)));
console.log("yaml, 1.1", JSON.stringify(parse(versions, { version: "1.1" })));
console.log("js-yaml", JSON.stringify(load(versions)));
JS
  node read.mjs
} >seen
cat seen
diff - seen <<'END'
PyYAML ['0_8', '0_9', 8, 12]
PyYAML, BaseLoader ['0_8', '0_9', '0_10', '1_2']
ruamel.yaml [8, 9, 10, 12]
yaml ["0_8","0_9","0_10","1_2"]
yaml, 1.1 [8,9,8,12]
js-yaml ["0_8","0_9","0_10","1_2"]
END
