#!/usr/bin/env bash
# Does a static server answer 404 for an address that nobody made, when a page's address is the beginning of it?
#
# Expected: /view/a.md.html/made-up is a 404, as on nginx, Python's http.server and npm's http-server.
# Seen: lighttpd 1.4.69 (Debian 12) with nothing configured but a root, a port and types: 200 with the whole page, as text/html.
#   It takes "/made-up" for PATH_INFO, also for files that no program handles; "static-file.disable-pathinfo" ends that.
# What follows: a check that a made-up address answers 404 must not make it up at the top alone, and relative links that
# are resolved against such an address lead one folder too deep and are answered with pages all the same.
set -eu
temp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$temp"' EXIT
cd "$temp"
if ! PATH=$PATH:/usr/sbin command -v lighttpd >/dev/null; then
  [ "$(id -u)" -eq 0 ] || { echo "lighttpd is needed: apt install lighttpd" >&2; exit 2; }
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends lighttpd >/dev/null
fi
PATH=$PATH:/usr/sbin
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p site/view
echo '<!doctype html><title>a</title>' >site/view/a.md.html
cat >lighttpd.conf <<CONFIGURATION
server.document-root = "$temp/site"
server.bind = "127.0.0.1"
server.port = $port
mimetype.assign = (".html" => "text/html")
CONFIGURATION
lighttpd -D -f lighttpd.conf 2>/dev/null &
server=$!
ask() { curl -s -o body -w '%{http_code} %{content_type}' "http://127.0.0.1:$port$1"; }
curl -s -o /dev/null --retry 30 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
lighttpd -v | head -n 1
page=$(ask /view/a.md.html)
below=$(ask /view/a.md.html/made-up)
same=$(cmp -s body site/view/a.md.html && echo "the page itself" || echo "something else")
nothing=$(ask /made-up)
printf '%s\n' "the page: $page" "below it: $below, $same" "elsewhere: ${nothing%% *}"
[ "$page" = "200 text/html" ] && [ "$below" = "200 text/html" ] && [ "$same" = "the page itself" ] && [ "${nothing%% *}" = 404 ]
