#!/usr/bin/env bash
# A site is built so that the same sources give the same bytes, and its files get the time of the sources (touch, tar --mtime
# with SOURCE_DATE_EPOCH, an image with rewritten times). "v0.3 holds" becomes "v0.4 holds": as many bytes, the same time. A
# browser asks again, with the ETag and the time that it was given.
#
# Expected: 200 and the new page; an ETag stands for the bytes.
# Seen: 304 from nginx 1.22.1 and Caddy 2.6.2 (as Debian 12 has them), sirv-cli 3.0.1 with --etag, and Python's http.server:
#   the old page is right, for as long as size and time stay. ETags of all three are made of size and time alone, and
#   "Cache-Control: no-cache" helps nothing. http-server 14.1.1 takes the number of the file in, and answers 200.
# What follows: files of a site keep the times at which they were written, whatever the time of the sources is.
set -eu
for needed in nginx caddy curl; do command -v $needed >/dev/null || { echo "$needed is needed" >&2; exit 2; }; done
temp=$(mktemp -d)
running=
trap 'for pid in $running; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit sirv-cli@3.0.1 http-server@14.1.1 >/dev/null
chmod 755 "$temp" # for the workers of an nginx that root starts
mkdir site nginx
put() { echo "<p>$1 holds</p>" >new && touch -d 2026-05-12T00:00:00Z new && mv new site/cr.html; }
put v0.3
read -r n c s h p < <(python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
print(*(each.getsockname()[1] for each in sockets))')
cat >nginx/nginx.conf <<END
daemon off;
pid $temp/nginx/pid;
events {}
http {
  access_log off;
  client_body_temp_path $temp/nginx/a;
  proxy_temp_path $temp/nginx/b;
  fastcgi_temp_path $temp/nginx/c;
  uwsgi_temp_path $temp/nginx/d;
  scgi_temp_path $temp/nginx/e;
  server { listen 127.0.0.1:$n; root $temp/site; add_header Cache-Control no-cache; }
}
END
nginx -c "$temp/nginx/nginx.conf" -e "$temp/nginx/log" & running="$running $!"
caddy file-server --listen "127.0.0.1:$c" --root site >/dev/null 2>&1 & running="$running $!"
node node_modules/sirv-cli/bin.js site --host 127.0.0.1 --port "$s" --quiet --etag --dev >/dev/null 2>&1 &
running="$running $!"
node node_modules/http-server/bin/http-server site -a 127.0.0.1 -p "$h" -c-1 -s >/dev/null 2>&1 & running="$running $!"
python3 -m http.server --bind 127.0.0.1 "$p" -d site >/dev/null 2>&1 & running="$running $!"
for port in $n $c $s $h $p; do
  for _ in $(seq 100); do curl -fs -D "headers-$port" -o /dev/null "http://127.0.0.1:$port/cr.html" && break; sleep 0.2; done
done
put v0.4
header() { sed -n "s/^$1: *//Ip" "headers-$2" | tr -d '\r'; }
seen=
for port in $n $c $s $h $p; do
  tag=$(header etag "$port")
  set -- -H "If-Modified-Since: $(header last-modified "$port")"
  [ -z "$tag" ] || set -- "$@" -H "If-None-Match: $tag"
  seen="$seen$(curl -s -o /dev/null -w '%{http_code}' "$@" "http://127.0.0.1:$port/cr.html") "
done
echo "nginx, caddy, sirv, http-server, http.server: $seen"
[ "$seen" = "304 304 304 200 304 " ]
