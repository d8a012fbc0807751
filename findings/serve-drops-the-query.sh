#!/usr/bin/env bash
# npm's "serve" with nothing configured, and an address that ends in .html and asks something: /view/a.md.html?on=2026-05-12.
#
# Expected: the page. Or, as on Cloudflare Pages, which strips .html too, a redirect that keeps the query.
# Seen (serve 14.2.7): 301 to /view/a.md, without the query; an index.html likewise. Browsers keep a 301.
# What follows: state that a page keeps in the query of its address (a filter, a day) is lost for whoever opens a link to
# it on such a server, though it works for whoever clicks within the page; the fragment survives, as browsers keep it.
set -eu
temp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit serve@14.2.7 >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p site/view site/documents
echo '<title>a</title>' | tee site/view/a.md.html >site/documents/index.html
node node_modules/serve/build/main.js site --listen "tcp://127.0.0.1:$port" --no-clipboard --no-request-logging >/dev/null 2>&1 &
server=$!
ask() { curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "http://127.0.0.1:$port$1" | sed "s|http://127.0.0.1:$port||"; }
curl -s -o /dev/null --retry 30 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
page=$(ask '/view/a.md.html?on=2026-05-12')
index=$(ask '/documents/index.html?page=2')
folder=$(ask '/documents/?page=2')
printf '%s\n' "page:   $page" "index:  $index" "folder: $folder"
[ "$page" = "301 /view/a.md" ] && [ "$index" = "301 /documents/index" ]
