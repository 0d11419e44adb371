#!/usr/bin/env bash
# Brings a program to a board and runs it there, or installs it as a service. Nothing but ssh is needed on the board.
#   ./deploy.sh [user@]host[:port] PROGRAM [OPTIONS] [-- ARGUMENTS OF THE PROGRAM...]
# PROGRAM   a name of hardware/programs (Blink), sprig (the command itself), or a path to a .csproj of yours, or to its folder
#   --run             runs it in the foreground (the default); Ctrl+C ends it over there too
#   --service         installs it: it starts with the board, is watched, and goes back to the release before when it does not come up
#   --status  --logs  --stop  --rollback  --uninstall      of the service
#   --ready-to-run    with its .NET runtime, compiled beforehand as far as possible (the default)
#   --self-contained  with its .NET runtime, compiled at run time: smaller, slower to start
#   --aot             compiled ahead of time: a small file that starts at once; with --fallback ready-to-run where the linker is missing
#   --arch A          auto (the default), arm64, arm or x64
#   --devices LIST    gpio,serial,i2c,spi,pwm,watchdog or paths under /dev; else what the file `devices` beside the project says, else gpio
#   --settle S        a new release must run so many seconds without a restart (5)
#   --watchdog S      the board's hardware watchdog resets it when systemd has hung so long
#   --dry-run         says every step, and changes nothing
#   ./deploy.sh pi@raspberrypi.local Blink --aot --service
#   ./deploy.sh pi@raspberrypi.local sprig -- demo --seconds 0
# SSH_OPTIONS adds options to ssh, as SSH_OPTIONS="-i key". Needs the .NET 10 SDK here. Exit code: the program's with --run; 2: something
# is to be changed, which the message says; 4: the new release did not come up. --status: 3 where it does not run, 4 where it is not installed.
# shellcheck disable=SC2154,SC2034  # the parts share their variables
set -euo pipefail
export LC_ALL=C      # what ssh and sort say is read here
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
for part in program host publish transfer run service; do . "$here/hardware/deploy/$part.sh"; done

say() { printf 'deploy: %s\n' "$*"; }

# A line of cause, a line of cure; and what to end with, if not 2.
fail() {
  printf 'deploy: %s\n        %s\n' "$1" "$2" >&2
  exit "${3:-2}"
}

act() { if [ -n "$dry" ]; then say "+ $*"; else "$@"; fi; }

parse() {
  local words=()
  action=run mode=ready-to-run arch=auto fallback='' dry='' settle=5 watchdog=0 list='' arguments=()
  while [ $# -gt 0 ]; do
    case $1 in
      --run | --service | --status | --logs | --stop | --rollback | --uninstall) action=${1#--} ;;
      --aot | --self-contained | --ready-to-run) mode=${1#--} ;;
      --fallback) fallback=yes ;;
      --dry-run) dry=yes ;;
      --arch | --devices | --settle | --watchdog)
        [ $# -ge 2 ] || fail "$1 wants a value" "./deploy.sh --help shows which"
        case $1 in --arch) arch=$2 ;; --devices) list=$2 ;; --settle) settle=$2 ;; --watchdog) watchdog=$2 ;; esac
        shift ;;
      --help | -h) usage; exit 0 ;;
      --) shift; arguments=("$@"); break ;;
      -*) fail "unknown option $1" "./deploy.sh --help lists them; arguments of the program come after --" ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  [ ${#words[@]} -ge 1 ] || { usage >&2; exit 2; }
  [ ${#words[@]} -ge 2 ] || fail "which program?" "$(programs)"
  [ ${#words[@]} -eq 2 ] || fail "one program at a time, not also '${words[2]}'" "arguments of the program come after --"
  [[ $arch =~ ^(auto|arm64|arm|x64)$ ]] || fail "--arch $arch is unknown" "it is auto, arm64, arm or x64"
  [[ $settle =~ ^[0-9]+$ && $watchdog =~ ^[0-9]+$ ]] || fail "--settle and --watchdog are whole seconds" "as --settle 5 --watchdog 15"
  asked="./deploy.sh ${words[*]}"
  find_target "${words[0]}"
  find_program "${words[1]}"
}

usage() { sed -n '2,/^# shellcheck/{/^# shellcheck/d;s/^# \{0,1\}//;p}' "$here/deploy.sh"; }

find_target() {
  target=$1 port=      # without one, ~/.ssh/config may name it
  if [[ $1 =~ ^(.*@)?\[(.+)\](:([0-9]+))?$ ]]; then     # an IPv6 address in brackets
    target=${BASH_REMATCH[1]}${BASH_REMATCH[2]} port=${BASH_REMATCH[4]}
    rsync_target="${BASH_REMATCH[1]}[${BASH_REMATCH[2]}]"
    return
  elif [[ $1 =~ ^(.*@)?([^@]*:[^@]*:[^@]*)$ ]]; then     # and without
    rsync_target="${BASH_REMATCH[1]}[${BASH_REMATCH[2]}]"
    return
  elif [[ $1 =~ ^([^:]+):([0-9]+)$ ]]; then
    target=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}
  fi
  rsync_target=$target
}

finish() {
  let_go
  [ -z "${holding:-}" ] || wait "$holding" 2> /dev/null || true
  [ ! -S "$work/ssh" ] || "${ssh[@]}" -O exit "$target" 2> /dev/null || true
  rm -rf "$work"
}

parse "$@"
[[ $action != run && $action != service ]] || check_sdk
reach
learn
case $action in
  status) show_status ;;
  logs) follow_logs ;;
  stop | uninstall) change_service "$action" "$name" ;;
  rollback) change_service rollback "$name" "$settle" ;;
  run | service)
    choose_architecture
    choose_mode
    check_board
    copy_kit
    hold
    build_program
    copy_program
    if [ "$action" = run ]; then run_program; else install_service; fi ;;
esac
