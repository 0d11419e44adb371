# What the tests of this folder share; source it, check, and end with `summary`.
# shellcheck shell=bash
#
#   section TITLE                      a heading
#   check NAME COMMAND...              COMMAND ends with 0
#   expect NAME CODE TEXT COMMAND...   COMMAND ends with CODE, and prints TEXT on either stream: a pattern as in `case`, so that
#                                      "cause*cure" asks for both, in that order
#   eventually SECONDS COMMAND...      tries until COMMAND ends with 0; ends with 1 when the time is over: for `check NAME eventually 5 ...`
#   figure NAME VALUE                  a measured value: shown, never judged
#   skip NAME REASON                   what can't be checked here
#   summary                            prints "N passed, N failed"; ends with 1 unless all that ran passed, and something did
#
# After check and expect, $output holds what the command printed. A command may be a function of several steps: it runs in a subshell
# of its own, and the first step that fails ends it.

passed=0
failed=0
output=
code=0

# Not `|| code=$?`: behind that `set -e` has no effect, not even in the subshell.
capture() {
  set +e
  output=$(set -e; "$@" 2>&1)
  code=$?
  set -e
}

section() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

check() {
  local name=$1
  shift
  capture "$@"
  if [ "$code" -eq 0 ]; then pass "$name"; else fail "$name" "exit code $code of: $*"; fi
}

expect() {
  local name=$1 wanted=$2 text=$3
  shift 3
  capture "$@"
  if [ "$code" -ne "$wanted" ]; then
    fail "$name" "exit code $code, wanted $wanted, of: $*"
  elif ! matches "$output" "$text"; then
    fail "$name" "not printed: $text"
  else
    pass "$name"
  fi
}

# shellcheck disable=SC2053  # the text is a pattern
matches() { [[ $1 == *$2* ]]; }

eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}

figure() { printf 'figure  %s: %s\n' "$1" "$2"; }

skip() { printf 'skipped %s: %s\n' "$1" "$2"; }

pass() {
  passed=$((passed + 1))
  printf 'passed  %s\n' "$1"
}

fail() {
  failed=$((failed + 1))
  printf 'failed  %s: %s\n' "$1" "$2"
  [ -z "$output" ] || printf '%s\n' "$output" | tail -n 30 | sed 's/^/        | /'
}

summary() {
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
