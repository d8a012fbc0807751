#!/usr/bin/env bash
# A generator reads the same bytes at two paths (a version and its copy under archive/, or a twin) with gray-matter, and
# notes in the header of each what the path says: its standing.
#
# Expected: two headers.
# Seen (gray-matter 4.0.3): called without options it keeps what it parsed by its text, and hands out that object again. The
#   second call has the notes of the first, and at the end both are "archived": the current version shows as archived. An
#   empty object as options gives each call its own.
# What follows: what is read of a text is copied before anything is added to it; what a path says is not kept with the text.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit gray-matter@4.0.3 >/dev/null
cat >read.cjs <<'JS'
const matter = require("gray-matter");
const text = '---\ntitle: Gates\nversion: "0.2"\n---\n# Gates\n';
const noted = (...options) => {
  const read = { "gates-v0_2.md": "current", "archive/gates-v0_2.md": "archived" };
  for (const path of Object.keys(read)) {
    const { data } = matter(text, ...options);
    data.standing = read[path];
    read[path] = data;
  }
  return Object.values(read).map((data) => data.standing).join(", ");
};
const [plain, own] = [noted(), noted({})];
console.log(`without options: ${plain}\nwith {}:         ${own}`);
process.exitCode = plain === "archived, archived" && own === "current, archived" ? 0 : 1;
JS
node read.cjs
