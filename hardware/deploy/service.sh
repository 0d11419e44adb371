# --service, and what can be done with one afterwards.
# shellcheck shell=bash disable=SC2154  # variables of deploy.sh

install_service() {
  say "installing sprig-$name.service"
  [ -z "$dry" ] || ask plan "$name" "$settle" "$watchdog" "${devices[*]}"
  as_root install "$name" "$assembly" "$mode" "$settle" "$watchdog" "${devices[*]}" ${arguments[@]+"${arguments[@]}"}
  [ -n "$dry" ] || ask status "$name"
}

# on-board, as root, in one sudo: it asks for a password at most once, in the terminal, and gets it from nowhere else.
as_root() {
  local command code=0 tty=()
  command=$(on_board "$@")
  case ${fact[sudo]} in
    root) ;;
    free) command="sudo -n $command" ;;
    *) command="sudo $command" ;;
  esac
  [ -z "$dry" ] || { say "+ ssh $target $command"; return; }
  ! terminal || tty=(-q -tt)
  remote ${tty[@]+"${tty[@]}"} "$target" "$command" || code=$?
  case $code in
    0) ;;
    1) fail "sudo did not let ${fact[user]} do it" "a wrong password, or not in the group sudo: ask who looks after the board" ;;
    4) fail "the new release did not come up, and is not in force" "its log is above; all of it: $asked --logs" 4 ;;
    255) fail "the connection is lost" "the board finishes what it has begun; look with --status" ;;
    *) exit "$code" ;;
  esac
}

show_status() { ask status "$name"; }

follow_logs() {
  local tty=() command="journalctl -f -n 50 -u sprig-$name.service" code=0
  ! terminal || tty=(-q -tt)
  [ -n "${fact[journal]}" ] || { check_root; [ "${fact[sudo]}" = root ] || command="sudo $command"; }
  [ -z "$dry" ] || { say "+ ssh $target $command"; return; }
  # In a terminal Ctrl+C goes there as a key, and ends journalctl; without one it ends this.
  remote ${tty[@]+"${tty[@]}"} "$target" "$command" <&0 &
  trap 'kill $! 2> /dev/null; exit 0' INT
  wait $! || code=$?
  [ "$code" -eq 130 ] || exit "$code"
}

# --rollback, --stop, --uninstall
change_service() {
  check_root
  copy_kit
  hold
  as_root "$@"
  [ "$action" != uninstall ] || act remote "$target" "rm -rf $(quoted "$staging")"
}
