# Copying to the board: ~/.cache/sprig/NAME there has the program's files in program/, and what installs them in kit/.
# shellcheck shell=bash disable=SC2154  # variables of deploy.sh

# Keeps others from deploying this program, until let_go, or until this script or the connection is gone: beats tell that both are there,
# and keep the connection alive through a long build.
hold() {
  [ -z "$dry" ] || return 0
  mkfifo "$work/beats" "$work/never"
  : > "$work/hold"
  beats > "$work/beats" &
  beating=$!
  setsid "${ssh[@]}" "$target" "$(on_board hold "$name")" < "$work/beats" > "$work/hold" 2>&1 &
  holding=$!
  until grep -qx -e held -e busy "$work/hold"; do
    kill -0 "$holding" 2> /dev/null || break
    sleep 0.05
  done
  ! grep -qx busy "$work/hold" || fail "another deploy.sh is at work with $name there, or runs it" "wait for its end, or end it"
  grep -qx held "$work/hold" || fail "can't write to $staging: $(tail -n 1 "$work/hold")" "look at that folder on the board"
}

beats() {
  while kill -0 "$$" 2> /dev/null; do
    echo
    read -r -t 5 _ <> "$work/never" || true     # no sleep, which would outlive this loop, and keep our output open
  done
}

let_go() {
  [ -n "${beating:-}" ] || return 0
  kill "$beating" 2> /dev/null || true
  beating=
}

on_board() { quoted bash "$staging/kit/on-board" "$@"; }

copy_kit() {
  local kit=("$here/hardware/deploy/on-board" "$here/hardware/systemd/sprig-program.service" "$here/hardware/udev/60-sprig.rules")
  [ ! -e "$folder/$name.json" ] || kit+=("$folder/$name.json")
  [ -z "$dry" ] || { say "+ tar of ${kit[*]#"$here/"} | ssh $target tar -x"; return; }
  # Root runs it: nobody else may write there. As root, tar and rsync would keep the owners that the files have here.
  tar_of "${kit[@]}" | remote "$target" "umask 022 && mkdir -p $(quoted "$staging/kit") && rm -f $(quoted "$staging/kit/$name.json") && tar -C $(quoted "$staging/kit") --no-same-owner --no-same-permissions -xf -" ||
    fail "can't write to $staging" "look at that folder on the board"
}

tar_of() {
  local file arguments=()
  for file in "$@"; do arguments+=(-C "$(dirname "$file")" "$(basename "$file")"); done
  tar -cf - "${arguments[@]}"
}

copy_program() {
  local started=$SECONDS
  say "copying to ${target#*@}:$staging"
  if [ -n "${fact[rsync]}" ] && command -v rsync > /dev/null; then
    act rsync -rlptz --chmod=go-w --delete -e "$(quoted "${ssh[@]}")" "$build/" "$rsync_target:$staging/program/" ||
      fail "copying did not succeed" "rsync says why; what is in force on the board stays so"
  else
    copy_by_tar
  fi
  [ -z "$dry" ] || return 0
  exec 9>&-
  say "copied in $((SECONDS - started)) s"
}

# Where one side lacks rsync: whole files, but only those whose checksums differ.
copy_by_tar() {
  [ -z "$dry" ] || { say "+ tar of the files whose checksums differ | ssh $target tar -x"; return; }
  ask files "$name" > "$work/there"
  (cd "$build" && find . -type f -exec sha256sum {} + | sort) > "$work/here"
  comm -23 "$work/here" "$work/there" | cut -c 67- > "$work/changed"
  comm -13 <(cut -c 67- "$work/here" | sort) <(cut -c 67- "$work/there" | sort) > "$work/gone"
  say "$(wc -l < "$work/changed") of $(wc -l < "$work/here") files differ"
  tar -C "$build" -czf - -T "$work/changed" | remote "$target" "umask 022 && tar -C $(quoted "$staging/program") --no-same-owner --no-same-permissions -xzf -"
  [ ! -s "$work/gone" ] || remote "$target" "cd $(quoted "$staging/program") && xargs -d '\n' rm -f --" < "$work/gone"
}
