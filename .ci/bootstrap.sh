#!/usr/bin/env bash
# Installs what the portal needs on a bare Debian or Ubuntu: python3 (3.11 or later), pip and make suffice.
# With or without root, and nothing is done twice.
#   .ci/bootstrap.sh            Python packages in .venv/, Pango (PDF), .tools/env
#   .ci/bootstrap.sh browser    Chromium as well, for the browser journeys; its absence is said, not an error
set -euo pipefail
cd "$(dirname "$0")/.."
ROOT=$PWD
TOOLS=$ROOT/.tools
UNPACKED=$TOOLS/libraries # what apt may not install for want of root
PANGO="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
mkdir -p "$TOOLS/bin"
export UV_PYTHON_DOWNLOADS=never
# uv does not read pip's own variable for a house index, nor the certificates that the machine trusts.
CERTIFICATES=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
if [ -f "$CERTIFICATES" ]; then export SSL_CERT_FILE="${SSL_CERT_FILE:-$CERTIFICATES}"; fi
if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later is required (variable PYTHON=/path/to/python3)."
}

# --target is not refused on an "externally managed" system, and needs neither root nor the venv module.
install_uv() {
  if command -v uv >/dev/null; then UV=$(command -v uv); return; fi
  UV=$TOOLS/uv/bin/uv
  if [ -x "$UV" ]; then return; fi
  "$PYTHON" -m pip --version >/dev/null 2>&1 || fail "pip is required (Debian: apt-get install python3-pip)."
  say "Installing uv in .tools/"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
    --target "$TOOLS/uv" --require-hashes -r requirements/tools.txt
}

install_packages() {
  say "Installing the Python packages in .venv/"
  if [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" != "$ROOT/.venv" ]; then
    rm -rf .venv
    "$UV" venv --quiet --python "$PYTHON" .venv
  fi
  "$UV" pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
}

as_root() { # run as root, or fail at once without asking for a password
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }
}

apt_install() {
  say "Installing $* with apt-get"
  as_root apt-get update -qq >"$TOOLS/apt.log" 2>&1 &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
      >>"$TOOLS/apt.log" 2>&1 || { tail -n 5 "$TOOLS/apt.log" >&2; return 1; }
}

# Without root: the packages and what they lack are downloaded by apt into a private state, then unpacked.
apt_extract() { # folder packages...
  local folder=$1 apt=$TOOLS/apt
  shift
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say "Unpacking $* in ${folder#"$ROOT"/}"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$folder"
  local options=(-qq -o "Dir::State=$apt" -o "Dir::State::lists=$apt/lists" -o Dir::State::status=/var/lib/dpkg/status
    -o "Dir::Cache=$apt/cache" -o Debug::NoLocking=1 -o "APT::Sandbox::User=$(id -un)" -o Acquire::Retries=1)
  apt-get "${options[@]}" update >"$TOOLS/apt.log" 2>&1 &&
    apt-get "${options[@]}" install --download-only --no-install-recommends -y "$@" >>"$TOOLS/apt.log" 2>&1 ||
    { tail -n 5 "$TOOLS/apt.log" >&2; return 1; }
  local archive
  for archive in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$archive" "$folder"; done
  rm -rf "$apt"
}

library_path() { # folder made by apt_extract
  local machine
  machine=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH") or "")')
  echo "$1/usr/lib/$machine:$1/lib/$machine:$1/usr/lib/$machine/pulseaudio"
}

pango_loads() { # LD_LIBRARY_PATH
  LD_LIBRARY_PATH=$1 .venv/bin/python - >/dev/null 2>&1 <<'PYTHON_CODE'
import ctypes
for name in ("gobject-2.0.so.0", "pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz.so.0", "harfbuzz-subset.so.0",
             "fontconfig.so.1"):
    ctypes.CDLL("lib" + name)
PYTHON_CODE
}

# Makes a test pass by installing or unpacking packages; LIBRARIES stays empty when the system has what is needed.
obtain() { # test packages...
  local test=$1
  shift
  if "$test" "$LIBRARIES"; then return; fi
  if can_install && apt_install "$@" && "$test" "$LIBRARIES"; then return; fi
  LIBRARIES=$(library_path "$UNPACKED")
  if "$test" "$LIBRARIES"; then return; fi
  apt_extract "$UNPACKED" "$@" && "$test" "$LIBRARIES"
}

# Playwright drives the browser through the program of its own wheel.
driver_runs() { # LD_LIBRARY_PATH
  local driver
  driver=$(.venv/bin/python -c 'import pathlib, playwright as p; print(pathlib.Path(p.__file__).parent / "driver/node")')
  LD_LIBRARY_PATH=$1 "$driver" --version >/dev/null 2>&1
}

chromium_runs() { [ -x "$1" ] && [ -n "$("$1" --version --no-sandbox 2>/dev/null </dev/null)" ]; }

find_chromium() { # sets BROWSER, empty when there is none
  local candidate
  for candidate in "${CHROMIUM:-}" "$TOOLS/bin/chromium" chromium chromium-browser google-chrome; do
    BROWSER=$(command -v "$candidate" 2>/dev/null || true)
    if [ -n "$BROWSER" ] && chromium_runs "$BROWSER"; then return; fi
  done
  BROWSER=""
}

unpack_chromium() {
  apt_extract "$TOOLS/chromium" chromium || return 1
  # Debian's own launcher looks for /usr/lib/chromium; this one starts the unpacked copy.
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' \
    "$(library_path "$TOOLS/chromium")" "$TOOLS/chromium/usr/lib/chromium/chromium" >"$TOOLS/bin/chromium"
  chmod +x "$TOOLS/bin/chromium"
}

get_browser() {
  find_chromium
  if [ -z "$BROWSER" ] && can_install && apt_install chromium; then find_chromium; fi
  if [ -z "$BROWSER" ] && unpack_chromium; then find_chromium; fi
  if [ -n "$BROWSER" ] && obtain driver_runs libatomic1; then return; fi
  BROWSER=""
  say "Chromium is not there and could not be obtained: the browser journeys will be SKIPPED."
}

write_env() { # sourced by make; the last line is the mark of a complete installation
  {
    printf 'FONTCONFIG_FILE=%q\n' "$ROOT/.ci/fonts.conf"
    if [ -n "$LIBRARIES" ]; then printf 'LD_LIBRARY_PATH=%q\n' "$LIBRARIES"; fi
    if [ -n "$BROWSER" ]; then printf 'CHROMIUM=%q\n' "$BROWSER"; fi
    echo "# $FINGERPRINT"
  } >"$TOOLS/env.new"
  mv "$TOOLS/env.new" "$TOOLS/env"
}

PYTHON=$(find_python)
FINGERPRINT="$ROOT $("$PYTHON" -V) $(cat requirements/dev.txt .ci/bootstrap.sh | cksum)"
BROWSER=""
LIBRARIES=""
if [ -f "$TOOLS/env" ] && [ "$(tail -n 1 "$TOOLS/env")" = "# $FINGERPRINT" ] && .venv/bin/python -c '' 2>/dev/null; then
  LIBRARIES=$(. "$TOOLS/env" && echo "${LD_LIBRARY_PATH:-}")
  BROWSER=$(. "$TOOLS/env" && echo "${CHROMIUM:-}")
  if [ "${1:-}" != browser ] || [ -x "$BROWSER" ]; then exit 0; fi
else
  install_uv
  install_packages
  LIBRARIES=${LD_LIBRARY_PATH:-}
  obtain pango_loads $PANGO ||
    fail "Pango is not there and could not be obtained: install $PANGO (or your system's equivalent)."
fi
if [ "${1:-}" = browser ]; then get_browser; fi
write_env
