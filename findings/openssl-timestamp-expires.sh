#!/usr/bin/env bash
# A digest was given a time by a timestamp authority (RFC 3161), and the token is kept as a proof for later. Later the
# authority's certificate has run out; here that takes four seconds. Beside it an OpenSSH signature whose key was valid
# until then (valid-before in allowed_signers).
#
# Expected: the token proves as before; its time lies within the certificate's, and to outlive keys is what it is for.
# Seen (OpenSSL 3.0, Debian 12; OpenSSH 9.2): "openssl ts -verify" judges the certificate by the clock of today, not by the
#   time in the token: "certificate has expired". With -attime and the token's own time, which the caller must take out of
#   it, it passes. "ssh-keygen -Y verify" does the same, and -O verify-time helps; but its signature holds no time at all.
# What follows: a proof is kept with the command that checks it, and that says at which time. A signed text holds its own
#   time, and is judged by that.
set -eu
for needed in openssl ssh-keygen; do
  command -v $needed >/dev/null || { echo "$needed is needed: apt-get install openssl openssh-client" >&2; exit 2; }
done
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export TZ=UTC
cat >tsa.cnf <<'END'
[req]
distinguished_name = name
prompt = no
[name]
CN = example
[root]
basicConstraints = critical,CA:true
[stamping]
extendedKeyUsage = critical,timeStamping
[authority]
database = index.txt
serial = number
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
[tsa]
serial = number
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
END
: >index.txt
echo 01 >number
openssl req -config tsa.cnf -x509 -extensions root -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 2>/dev/null
openssl req -config tsa.cnf -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr 2>/dev/null
end=$(date -d '+4 seconds' +%Y%m%d%H%M%SZ)
openssl ca -config tsa.cnf -name authority -cert root.pem -keyfile root.key -in tsa.csr -out tsa.pem -notext -batch \
  -startdate 20200101000000Z -enddate "$end" -extfile tsa.cnf -extensions stamping 2>/dev/null
echo 'CR v0.3' >cr.md
openssl ts -query -data cr.md -sha256 -cert -out cr.tsq 2>/dev/null
openssl ts -reply -config tsa.cnf -section tsa -signer tsa.pem -inkey tsa.key -queryfile cr.tsq -out cr.tsr 2>/dev/null
ssh-keygen -q -t ed25519 -N '' -C '' -f key
echo "someone valid-before=\"$end\" $(cat key.pub)" >signers
ssh-keygen -q -Y sign -f key -n file cr.md 2>/dev/null
token() { openssl ts -verify -data cr.md -in cr.tsr -CAfile root.pem "$@" 2>&1 | grep -oE 'Verification: OK|certificate has expired'; }
signature() { ssh-keygen -Y verify -f signers -I someone -n file -s cr.md.sig "$@" <cr.md >/dev/null 2>&1 && echo good || echo refused; }
made=$(date -d "$(openssl ts -reply -in cr.tsr -text 2>/dev/null | sed -n 's/^Time stamp: //p')" +%s)
seen="$(token), $(signature)"
sleep 6
later="$(token), $(signature)"
then="$(token -attime "$made"), $(signature -O verify-time="$(date -d "@$made" +%Y%m%d%H%M%SZ)")"
printf '%s\n' "at once:           $seen" "later:             $later" "later, as of then: $then"
[ "$seen" = "Verification: OK, good" ] && [ "$later" = "certificate has expired, refused" ] && [ "$then" = "$seen" ]
