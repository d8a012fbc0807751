#!/usr/bin/env bash
# A Memento TimeMap (RFC 7089, application/link-format) with one link on each line, as the RFC's own examples are laid
# out, read by the function that Python programs have at hand for link headers.
#
# Expected: four links, or an error.
# Seen (requests 2.34.2, requests.utils.parse_header_links): one link, and a wrong one: the address of the original with the
#   "rel" and the date of the last memento. It parts links at a comma and blanks, a line break is neither. With the same
#   links on one line, parted by ", ", it finds all four, though dates and one address hold commas too.
# What follows: a TimeMap that is also to be read by such programs parts its links with ", " and no line break.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/python" -m pip install -qq --disable-pip-version-check requests==2.34.2
"$temp/venv/bin/python" - <<'PYTHON'
import sys

from requests.utils import parse_header_links

links = [
    '<https://r.example/a>;rel="original"',
    '<https://r.example/timemap/a>;rel="self";type="application/link-format";from="Tue, 12 May 2026 00:00:00 GMT"',
    '<https://r.example/a-v1>;rel="first memento";datetime="Tue, 12 May 2026 00:00:00 GMT"',
    '<https://r.example/a,b-v2>;rel="last memento";datetime="Wed, 13 May 2026 00:00:00 GMT"',
]
by_line = parse_header_links(",\n".join(links))
in_one = parse_header_links(", ".join(links))
print("one link on each line:", [(link["url"], link["rel"]) for link in by_line])
print("all on one line:      ", [(link["url"], link["rel"]) for link in in_one])
sys.exit(
    [(link["url"], link["rel"], link["datetime"]) for link in by_line]
    != [("https://r.example/a", "last memento", "Wed, 13 May 2026 00:00:00 GMT")]
    or len(in_one) != 4
)
PYTHON
