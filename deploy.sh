#!/usr/bin/env bash
# Builds Sprig's command for a board, copies it there and runs it: nothing but ssh is needed on the board.
#   ./deploy.sh [user@]host[:port] [ARGS...]      ARGS go to sprig; "demo" unless given
#   ./deploy.sh pi@raspberrypi.local demo --seconds 0 --host 0.0.0.0
# SSH_OPTIONS adds options to ssh, as SSH_OPTIONS="-i key". Needs the .NET 10 SDK here. Ctrl+C ends the program over there.
set -euo pipefail

fail() { echo "deploy: $*" >&2; exit 2; }

[ $# -ge 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2; }
target=$1
shift
[ $# -gt 0 ] || set -- demo
port=22
if [[ $target =~ ^(.+):([0-9]+)$ ]]; then
  target=${BASH_REMATCH[1]}
  port=${BASH_REMATCH[2]}
fi
here=$(cd "$(dirname "$0")" && pwd)
command -v dotnet > /dev/null || fail "the .NET 10 SDK is missing here (dotnet on the PATH)"

read -ra extra <<< "${SSH_OPTIONS:-}"
remote() { ssh -p "$port" -o ConnectTimeout=10 ${extra[@]+"${extra[@]}"} "$@"; }

machine=$(remote "$target" uname -m) || fail "can't reach $target on port $port by ssh; try: ssh -p $port $target"
case $machine in
  aarch64) rid=linux-arm64 ;;
  armv7l | armv6l) rid=linux-arm ;;
  x86_64) rid=linux-x64 ;;
  *) fail "no .NET for a board of the kind '$machine'" ;;
esac
[ "$machine" != armv6l ] || fail ".NET needs an ARMv7 board; this one is ARMv6 (Pi 1, Pi Zero)"

build=$here/artifacts/deploy/$rid
echo "deploy: building for $rid"
# Ready to run: a board starts cold, and compiling at run time costs it the first seconds.
# A lock file of its own: the kept ones know no board.
dotnet publish "$here/src/Sprig.Cli" -c Release -r "$rid" --self-contained -p:PublishReadyToRun=true \
  -p:NuGetLockFilePath=obj/deploy.lock.json -o "$build" -v quiet --nologo

echo "deploy: copying to $target:.sprig"
remote "$target" 'mkdir -p ~/.sprig'
if command -v rsync > /dev/null && remote "$target" command -v rsync > /dev/null; then
  rsync -az --delete -e "ssh -p $port ${SSH_OPTIONS:-}" "$build/" "$target:.sprig/"
else
  tar -C "$build" -czf - . | remote "$target" 'tar -C ~/.sprig -xzf -'
fi

# With a terminal over there, so that the view is drawn and Ctrl+C arrives; without one where this has none.
tty=()
[ ! -t 0 ] || [ ! -t 1 ] || tty=(-t)
command=$(printf '%q ' "$@")
remote ${tty[@]+"${tty[@]}"} "$target" ".sprig/Sprig.Cli $command"
