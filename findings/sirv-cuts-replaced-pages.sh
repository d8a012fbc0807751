#!/usr/bin/env bash
# A static site is replaced while npm's sirv-cli serves it, as a publisher does who swaps in a new release.
#
# Expected: what is asked for after the change is what stands in the folder, or for a while what stood there before.
# Seen (sirv-cli 3.0.1 without --dev): neither. The list of files with their sizes is made at the start and kept. A page that
#   became longer is sent with the length of the old one, so it is cut in the middle, with status 200 and no error for
#   the reader; a page that is new answers 404 until the server is started again. A 404 has an empty body, whatever
#   404.html says.
# What follows: after a release only a restart makes the site whole, and only a check of the bytes that are served
# tells; status and Content-Length agree with each other.
set -eu
temp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit sirv-cli@3.0.1 >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir site
printf '<p>Version 1</p>' >site/a.html
printf '<p>Nothing here</p>' >site/404.html
node node_modules/sirv-cli/bin.js site --host 127.0.0.1 --port "$port" --quiet 2>/dev/null &
server=$!
ask() { curl -s -o body -w '%{http_code}' "http://127.0.0.1:$port$1"; printf ' %s' "$(cat body)"; }
curl -s -o /dev/null --retry 30 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
before=$(ask /a.html)
printf '<p>Version 2, which says more</p>' >site/a.html
printf '<p>New</p>' >site/b.html
replaced=$(ask /a.html)
new=$(ask /b.html)
printf '%s\n' "before:   $before" "replaced: $replaced" "new:      $new"
[ "$before" = "200 <p>Version 1</p>" ] && [ "$replaced" = "200 <p>Version 2, wh" ] && [ "$new" = "404 " ]
