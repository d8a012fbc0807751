#!/usr/bin/env bash
# An Atom entry for v0.2 with several links, each with its relation, as RFC 4287 and RFC 5829 have them: the version before
# it (rel="predecessor-version"), the page (rel="alternate", text/html), the same as Markdown (rel="alternate",
# text/markdown).
#
# Expected: readers open the page.
# Seen: @extractus/feed-extractor 8.0.3 takes the first link whatever its relation: v0.1, the superseded version. npm
#   feedparser 2.6.0 takes the last alternate: the Markdown. feedparser 6.0.14 (Python), fastfeedparser 0.6.5, rss-parser
#   3.13.0 and @rowanmanning/feed-parser 2.1.5 take the page.
# What follows: an entry that is to lead everywhere to the right version has one link. Other relations stand in the page.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check feedparser==6.0.14 fastfeedparser==0.6.5
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit @extractus/feed-extractor@8.0.3 feedparser@2.6.0 rss-parser@3.13.0 \
  @rowanmanning/feed-parser@2.1.5 >/dev/null
cat >feed.atom <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Record</title><id>urn:example:record</id><updated>2026-05-12T10:00:00Z</updated><author><name>R</name></author>
<link rel="alternate" href="https://r.example/"/>
<entry><title>CR v0.2</title><id>urn:example:cr-2</id><updated>2026-05-12T10:00:00Z</updated><summary>Filed.</summary>
<link rel="predecessor-version" type="text/html" href="https://r.example/v0.1"/>
<link rel="alternate" type="text/html" href="https://r.example/v0.2"/>
<link rel="alternate" type="text/markdown" href="https://r.example/v0.2.md"/>
</entry>
</feed>
XML
{
  venv/bin/python - <<'PYTHON'
from pathlib import Path

import fastfeedparser
import feedparser

feed = Path("feed.atom").read_bytes()
print("feedparser (Python)", feedparser.parse(feed).entries[0].link)
print("fastfeedparser", fastfeedparser.parse(feed).entries[0].link)
PYTHON
  cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { extractFromXml } from "@extractus/feed-extractor";
import { parseFeed } from "@rowanmanning/feed-parser";
import FeedParser from "feedparser";
import Parser from "rss-parser";
const feed = readFileSync("feed.atom", "utf8");
console.log("rss-parser", (await new Parser().parseString(feed)).items[0].link);
console.log("@rowanmanning/feed-parser", parseFeed(feed).items[0].url);
console.log("@extractus/feed-extractor", extractFromXml(feed).entries[0].link);
const reading = new FeedParser();
reading.on("readable", () => { for (let item; (item = reading.read()); ) console.log("feedparser (npm)", item.link); });
reading.end(feed);
JS
  node read.mjs
} >seen
cat seen
diff - seen <<'END'
feedparser (Python) https://r.example/v0.2
fastfeedparser https://r.example/v0.2
rss-parser https://r.example/v0.2
@rowanmanning/feed-parser https://r.example/v0.2
@extractus/feed-extractor https://r.example/v0.1
feedparser (npm) https://r.example/v0.2.md
END
