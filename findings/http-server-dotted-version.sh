#!/usr/bin/env bash
# Pages are addressed without .html, as hosts such as GitHub Pages answer them, and one is tried on the own machine first:
# /cr and /cr-v0.2, files cr.html and cr-v0.2.html.
#
# Expected: both, or neither.
# Seen (http-server 14.1.1): /cr is answered, /cr-v0.2 is not found. It puts ".html" behind an address that has no dot alone:
#   "2" is taken for the extension of the file. serve 14.2.7 and sirv-cli 3.0.1 answer both.
# What follows: addresses of versions keep their .html, or are tried on a host that they are meant for.
set -eu
command -v curl >/dev/null || { echo "curl is needed" >&2; exit 2; }
temp=$(mktemp -d)
running=
trap 'for pid in $running; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit http-server@14.1.1 serve@14.2.7 sirv-cli@3.0.1 >/dev/null
mkdir site
echo '<p>CR</p>' | tee site/cr.html >site/cr-v0.2.html
read -r a b c < <(python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(each.getsockname()[1] for each in sockets))')
node node_modules/http-server/bin/http-server site -a 127.0.0.1 -p "$a" -s >/dev/null 2>&1 & running="$running $!"
node node_modules/serve/build/main.js -l "tcp://127.0.0.1:$b" -L site >/dev/null 2>&1 & running="$running $!"
node node_modules/sirv-cli/bin.js site --host 127.0.0.1 --port "$c" --quiet >/dev/null 2>&1 & running="$running $!"
seen=
for port in $a $b $c; do
  for _ in $(seq 100); do curl -fsL -o /dev/null "http://127.0.0.1:$port/cr.html" && break; sleep 0.2; done
  for page in cr cr-v0.2; do
    seen="$seen$(curl -sL -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/$page") "
  done
done
echo "/cr, /cr-v0.2 of http-server, serve, sirv: $seen"
[ "$seen" = "200 404 200 200 200 200 " ]
