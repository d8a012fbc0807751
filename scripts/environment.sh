# shellcheck shell=bash
# What the scripts beside this file share. Sourced, never run: it moves to the project's folder, whatever
# folder the caller stands in, and defines how to get the virtual environment and the programs of the system.

set -euo pipefail
# shellcheck disable=SC2034 # for scripts that are given paths
caller=$PWD
root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# Only what requirements.txt names may be imported.
unset PYTHONHOME PYTHONPATH
# Where it is the theme, Material announces its end of life on every build (docs/hosts.md).
export NO_MKDOCS_2_WARNING=1

say() { printf "%s\n" "$@"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The usage of a script is the comment at its head.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }

# apt_install PACKAGE…: install packages of the system where we may; otherwise fail and change nothing.
apt_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  say "Installing with apt: $*"
  apt-get update -qq >&2 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later is needed, '${PYTHON:-python3}' is $("${PYTHON:-python3}" -V 2>&1 || true)." \
    "Install it, or name one: PYTHON=/path/to/python3 scripts/build"
}

# Debian ships python3 without what 'python3 -m venv' needs.
need_venv_module() {
  "$1" -c 'import ensurepip, venv' 2>/dev/null && return
  apt_install python3-venv && "$1" -c 'import ensurepip, venv' 2>/dev/null && return
  fail "'$1 -m venv' is not available. Install it: apt install python3-venv"
}

make_venv() {
  local python
  python=$(find_python)
  need_venv_module "$python"
  say "Making .venv with $("$python" -V)"
  "$python" -m venv --clear .venv
}

# Two steps, because some packages are published as source only: what builds them comes first, from its own lock.
install_lock() {
  local pip=(.venv/bin/python -m pip --disable-pip-version-check install --progress-bar off --require-hashes)
  say "Installing the locked requirements"
  "${pip[@]}" -r requirements-build.txt | told_packages "$(grep -c '^[a-z]' requirements-build.txt)"
  "${pip[@]}" --no-build-isolation --use-pep517 -r requirements.txt | told_packages "$(grep -c '^[a-z]' requirements.txt)"
}

# told_packages COUNT: of what pip says, how many of COUNT packages it has looked at: in one line on a terminal, else
# after every 25th.
told_packages() {
  local line found=0
  while IFS= read -r line; do
    case $line in
      "Collecting "* | "Requirement already satisfied"*)
        found=$((found + 1))
        if [ -t 1 ]; then printf '\r  %s of %s packages' "$found" "$1"; elif ((found % 25 == 0)); then say "  $found of $1 packages"; fi ;;
      "Installing collected packages"*)
        [ ! -t 1 ] || printf '\n'
        say "  unpacking $1 packages" ;;
    esac
  done
}

install_project() {
  .venv/bin/python -m pip --disable-pip-version-check install -qq --no-deps --no-build-isolation -e .
}

# stamped NAME VALUE: whether the step NAME was last finished for VALUE.
stamped() { [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s\n' "$2" >".venv/.stamp-$1"; }

# Bring .venv to what requirements.txt and pyproject.toml say. Each step leaves a stamp when it is finished, so
# that an interrupted run starts it again and an unchanged tree costs two digests.
ensure_venv() {
  local lock project
  lock=$(cat requirements-build.txt requirements.txt | sha256sum)
  project=$(sha256sum <pyproject.toml)
  # A virtual environment holds its own path; one that was moved or copied must be made again.
  if [ -e .venv/.stamp-place ] && ! stamped place "$root"; then rm -rf .venv; fi
  if stamped lock "$lock" && stamped project "$project" && [ -x .venv/bin/python ]; then return; fi
  .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
  stamp place "$root"
  if ! stamped lock "$lock"; then
    install_lock
    stamp lock "$lock"
  fi
  install_project
  stamp project "$project"
}
