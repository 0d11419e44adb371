# shellcheck shell=bash
# What the emulated boards' scripts share; sourced, not run.
fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

cache=$(realpath -m "${SPRIG_EMULATOR:-${XDG_CACHE_HOME:-$HOME/.cache}/sprig-emulator}")
# make and SSH_OPTIONS divide at spaces.
[[ $cache != *[[:space:]]* ]] || fail "$cache has a space in its name: set SPRIG_EMULATOR to another folder"

# install_missing PACKAGE...   the machine's own packages; says which, since it is the one thing here that needs root
install_missing() {
  local package missing=()
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$EUID" = 0 ] || fail "packages are missing; install them with: sudo apt-get install --no-install-recommends ${missing[*]}"
  echo "installing: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}
