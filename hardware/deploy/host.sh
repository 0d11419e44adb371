# The board over ssh: one connection, shared by all that deploy.sh does there; what the board is; and whether it will do.
# shellcheck shell=bash disable=SC2154,SC2034  # variables of deploy.sh

declare -A fact

# ssh's own words for what went wrong, and what helps.
reach() {
  local options known=${target#*@} by="ssh ${port:+-p $port }$target"
  [ -z "$port" ] || known="[$known]:$port"
  work=$(mktemp -d)
  trap finish EXIT
  read -ra options <<< "${SSH_OPTIONS:-}"
  # Made anew by whoever needs it, if a long build has let it end. ssh takes the first value of an option: SSH_OPTIONS have a say.
  ssh=(ssh ${options[@]+"${options[@]}"} ${port:+-p "$port"} -o ControlMaster=auto -o ControlPersist=600 -o "ControlPath=$work/ssh"
    -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3)
  "${ssh[@]}" -N -f "$target" 2> "$work/error" && return
  case $(< "$work/error") in
    *"Could not resolve hostname"*)
      fail "no machine is known by the name ${target#*@}" "is it on, and in this network? Its address does as well: ./deploy.sh pi@192.168.1.20 ..." ;;
    *"REMOTE HOST IDENTIFICATION HAS CHANGED"*)
      fail "${target#*@} has another host key than before" "if its card was written anew: ssh-keygen -R '$known'; if not, it may be another machine" ;;
    *"Host key verification failed"*)
      fail "the host key of ${target#*@} is not known here" "look at it and accept it once: $by" ;;
    *"Permission denied"*)
      fail "$target refused the key" "give it yours once: ssh-copy-id ${by#ssh }; or name another: SSH_OPTIONS='-i FILE'" ;;
    *"Connection refused"*)
      fail "nothing answers on $(grep -o 'port [0-9]*' "$work/error") of ${target#*@}" "switch ssh on there (sudo raspi-config nonint do_ssh 0), or give its port: host:port" ;;
    *"timed out"* | *"No route to host"* | *"is unreachable"*)
      fail "can't reach ${target#*@}" "is it on, and in this network? Try: ping ${target#*@}" ;;
    *)
      fail "can't connect to $target: $(grep -v '^Warning:' "$work/error" | tail -n 1)" "try: $by" ;;
  esac
}

remote() { "${ssh[@]}" "$@"; }

# As one word each for the shell over there, whichever that is: fish has backslashes in quotes.
quoted() {
  local word
  for word in "$@"; do
    word=${word//\'/\'\"\'\"\'}
    printf "'%s' " "${word//\\/\'\\\\\'}"
  done
}

# A terminal here, so that Ctrl+C and passwords go over there?
terminal() { [ -t 0 ] && [ -t 1 ]; }

# Runs on-board there without copying it.
ask() { remote "$target" "bash -s -- $(quoted "$@")" < "$here/hardware/deploy/on-board"; }

learn() {
  local key value
  ask facts "$name" "${devices[@]}" > "$work/facts" || fail "can't look around on ${target#*@}" "it needs bash and coreutils there, as Raspberry Pi OS has"
  while read -r _ key value; do fact[$key]=$value; done < <(grep '^sprig ' "$work/facts")
  staging=${fact[staging]}
}

# The userland decides, not the kernel: a 64-bit kernel below 32-bit programs is common on a Pi.
choose_architecture() {
  local own loader
  case ${fact[debian]}:${fact[machine]}:${fact[bits]} in
    arm64:* | :aarch64:64) own=arm64 ;;
    armhf:* | :armv7l:* | :aarch64:32) own=arm ;;
    amd64:* | :x86_64:64) own=x64 ;;
    *) own=none ;;
  esac
  [ "${fact[machine]}" != armv6l ] || fail ".NET needs an ARMv7 processor; this board has an ARMv6 (Pi 1, Pi Zero)" "take a Pi Zero 2 W or a Pi 2 or later"
  [ "$own" != none ] || [ "$arch" != auto ] || fail "no .NET for a board of the kind ${fact[machine]} (${fact[debian]:-no Debian}, ${fact[bits]} bit)" "arm64, arm and x64 will do"
  [[ ${fact[loaders]} == *ld-linux* || ${fact[loaders]} != *ld-musl* ]] ||
    fail "the board's C library is musl; programs are built against glibc" "take a system with glibc: Raspberry Pi OS, Debian"
  [ "$arch" != auto ] || arch=$own
  case $arch in
    arm64) loader=ld-linux-aarch64.so.1 ;;
    arm) loader=ld-linux-armhf.so.3 ;;
    x64) loader=ld-linux-x86-64.so.2 ;;
  esac
  [[ " ${fact[loaders]} " == *" $loader "* ]] || fail "programs for $arch don't run on this board: its userland is $own" "leave out --arch $arch"
  say "${target#*@} is ${fact[machine]}, its userland $own, glibc ${fact[glibc]:-unknown}"
}

check_board() {
  local lack
  [ -n "${fact[flock]}" ] || fail "flock is missing on the board" "sudo apt-get install util-linux"
  if [ "$action" = service ]; then
    [ -n "${fact[systemd]}" ] || fail "the board has no systemd, which a service needs" "use --run"
    check_root
    return
  fi
  for lack in ${fact[denied]}; do
    [ "${lack%%:*}" != root ] || fail "only root may open ${lack#*:} there" "give it to a group: hardware/README.md, Permissions (--service does it by itself)"
    fail "${fact[user]} is not in the group ${lack%%:*}, to which ${lack#*:} belongs" "on the board: sudo usermod -aG ${lack%%:*} ${fact[user]}; then deploy again"
  done
  [ "${fact[active]}" != active ] || say "note: sprig-$name.service is running there and has its pins; --stop stops it"
}

check_root() {
  case ${fact[sudo]} in
    none) fail "there is no sudo on the board, and ${fact[user]} is not root" "log in as root, or install sudo" ;;
    asks) terminal || fail "sudo asks for a password there, and here is no terminal to type it" "run deploy.sh in a terminal, or let ${fact[user]} use sudo without a password" ;;
  esac
}

check_build() {
  local needed size home opt
  needed=$(needed_glibc "$build") || needed=0     # none of its files ask for any
  [ -z "${fact[glibc]}" ] || [ "$(printf '%s\n' "$needed" "${fact[glibc]}" | sort -V | tail -n 1)" = "${fact[glibc]}" ] ||
    fail "the program needs glibc $needed; the board has ${fact[glibc]}" "a newer system on the board; or --self-contained instead of --aot, whose glibc is this machine's"
  size=$(du -sk "$build" | cut -f 1)
  home=$((size - ${fact[staged]:-0} + size / 10 + 1024))
  opt=0
  [ "$action" != service ] || opt=$((size + 1024))
  [ -z "${fact[one_disk]}" ] || { home=$((home + opt)); opt=0; }
  enough_space "$home" "${fact[home_free]}" "the home of ${fact[user]}"
  enough_space "$opt" "${fact[opt_free]}" "/opt"
}

enough_space() {
  [ "$1" -le "$2" ] || fail "no space on the board: $(($1 / 1024)) MB are needed in $3, $(($2 / 1024)) MB are free" "free some there (sudo apt-get clean), or use --aot, which is smaller"
}
