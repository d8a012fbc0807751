#!/usr/bin/env bash
# A file of signers lets a key sign until a day: valid-before="20260601" in allowed_signers, as ssh-keygen's manual has it. One signed
# document is checked for one moment, 31 May 2026 at noon UTC, on machines in three time zones.
#
# Expected: one answer; both the moment and the key's end are given.
# Seen (OpenSSH 9.2p1, Debian 12): good in UTC and Honolulu, "key has expired" in Kiritimati. The day is read in the zone of whoever checks,
#   and so is -Overify-time without a Z. With "20260601Z" all three agree. find-principals, which names the signer, goes by the same clock.
# What follows: times in allowed_signers end in Z; a record that must verify the same everywhere says so where it lists its keys.
set -eu
command -v ssh-keygen >/dev/null || { echo "ssh-keygen is needed: apt-get install openssh-client" >&2; exit 2; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
ssh-keygen -q -t ed25519 -N '' -f key -C somebody
echo 'Gate 7 is green.' >cr-v0_2.md
ssh-keygen -q -Y sign -f key -n record cr-v0_2.md 2>/dev/null
check() { # DAY
  echo "somebody@example.org valid-before=\"$1\" $(cat key.pub)" >signers
  for zone in UTC Pacific/Honolulu Pacific/Kiritimati; do
    TZ=$zone ssh-keygen -Y verify -f signers -I somebody@example.org -n record -s cr-v0_2.md.sig \
      -Overify-time=20260531120000Z <cr-v0_2.md >/dev/null 2>said && echo "$zone: good" || echo "$zone: $(grep -o 'key has expired' said)"
  done
}
plain=$(check 20260601)
with_z=$(check 20260601Z)
printf '%s\n' "until 20260601:" "$plain" "until 20260601Z:" "$with_z"
[ "$plain" = 'UTC: good
Pacific/Honolulu: good
Pacific/Kiritimati: key has expired' ]
[ "$(printf '%s\n' "$with_z" | grep -c good)" = 3 ]
