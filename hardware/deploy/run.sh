# --run: the program in the foreground, from the staged files.
# shellcheck shell=bash disable=SC2154  # variables of deploy.sh

# Ctrl+C in a terminal goes there as a key; any other signal, and a lost connection, reach the program through `hold`: it gets SIGINT.
# Either way its orderly end is waited for, and its exit code is ours.
run_program() {
  local command running code signalled=yes
  command=$(on_board run "$name" "$assembly" ${arguments[@]+"${arguments[@]}"})
  [ -z "$dry" ] || { say "+ ssh $target $command"; return; }
  say "running $name there; Ctrl+C ends it"
  trap 'signalled=yes; let_go' INT TERM HUP
  if terminal; then
    remote -q -tt "$target" "$command" <&0 &
  else
    setsid "${ssh[@]}" "$target" "$command" <&0 &     # out of reach of this terminal's Ctrl+C
  fi
  running=$!
  while [ -n "$signalled" ]; do
    signalled=
    code=0
    wait "$running" || code=$?
  done
  # ssh itself ends with 255 where the connection is lost: then it is no more. Else it is the program's own code, -1.
  [ "$code" -ne 255 ] || "${ssh[@]}" -O check "$target" 2> /dev/null || fail "the connection is lost" "the program was told to end there"
  exit "$code"
}
