# shellcheck shell=bash
# Builds a program for a board, on this machine: to be sourced. Needs the .NET 10 SDK; for --aot also the board's gcc.
#   publish PROJECT_FILE RID MODE OUT    RID: linux-arm64, linux-arm, linux-x64; MODE: aot, self-contained, ready-to-run
#   aot_problem RID                      what is missing for MODE aot, and how to get it; nothing when nothing is
#   needed_glibc FOLDER                  the newest glibc that its files ask for, as 2.34

_publish_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
_publish_root=$(cd "$_publish_here/../.." && pwd)

# The program and the `sprig` command, side by side in one folder: what both need is there once.
publish() {
  local project=$1 rid=$2 mode=$3 out=$4 one
  local options=()
  mapfile -t options < <(_publish_options "$rid" "$mode")
  if [ "$mode" = aot ]; then
    one=$(aot_problem "$rid")
    [ -z "$one" ] || { echo "$one" >&2; return 1; }
  fi
  rm -rf "$out"
  for one in "$project" "$_publish_root/src/Sprig.Cli/Sprig.Cli.csproj"; do
    [ "$one" = "$project" ] || [ "$(realpath "$one")" != "$(realpath "$project")" ] || continue
    _publish_one "$one" "$rid" "$out" "${options[@]}" || return 1
  done
}

# Says what is missing, and how to get it: Debian's names, which are Ubuntu's and Raspberry Pi OS's too.
aot_problem() {
  local compiler packages
  case $1 in
    linux-arm64) compiler=aarch64-linux-gnu-gcc packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;;
    linux-arm) compiler=arm-linux-gnueabihf-gcc packages="gcc-arm-linux-gnueabihf libc6-dev-armhf-cross" ;;
    *) compiler=gcc packages="gcc libc6-dev" ;;
  esac
  [ "$1" != "$(_publish_own_rid)" ] || compiler=gcc packages="gcc libc6-dev"
  # A compiler without its C library, as apt installs it where it is told to leave out recommendations, can't link.
  if ! command -v "$compiler" > /dev/null || [ "$("$compiler" -print-file-name=crt1.o)" = crt1.o ]; then
    echo "ahead-of-time for $1 needs $compiler and its C library: sudo apt-get install $packages"
  fi
}

needed_glibc() {
  # Names of symbols' versions stand in a file as they are: no binutils are needed to find them.
  find "$1" -type f -exec grep -aohE 'GLIBC_2\.[0-9]+' {} + | sort -u -t . -k 2n | tail -n 1 | sed 's/GLIBC_//'
}

_publish_one() {
  local project=$1 rid=$2 out=$3 log
  shift 3
  log=$(mktemp)
  # A tree of its own: what this machine builds for itself, and its lock files, stay as they are.
  if dotnet publish "$project" -c Release -r "$rid" -o "$out" --artifacts-path "$_publish_root/artifacts/deploy/build" "$@" -v quiet --nologo > "$log" 2>&1; then
    rm "$log"
    return
  fi
  _publish_why "$rid" "$log"
  rm "$log"
  return 1
}

_publish_options() {
  local rid=$1 mode=$2 triplet
  # Symbols and documentation are for this machine: artifacts/deploy/build has them.
  printf -- '-p:%s\n' NuGetLockFilePath=obj/deploy.lock.json CopyOutputSymbolsToPublishDirectory=false \
    PublishDocumentationFiles=false PublishReferencesDocumentationFiles=false DebuggerSupport=false
  case $mode in
    self-contained) printf '%s\n' --self-contained ;;
    ready-to-run) printf '%s\n' --self-contained -p:PublishReadyToRun=true ;;
    aot)
      printf '%s\n' -p:PublishAot=true
      case $rid in
        "$(_publish_own_rid)") return ;;
        linux-arm64) triplet=aarch64-linux-gnu ;;
        linux-arm) triplet=arm-linux-gnueabihf ;;
        *) triplet=x86_64-linux-gnu ;;
      esac
      printf -- '-p:%s\n' "CppCompilerAndLinker=$triplet-gcc" "ObjCopyName=$triplet-objcopy" "CustomAfterMicrosoftCommonTargets=$_publish_here/gcc.targets"
      ;;
    *) echo "publish: no such mode '$mode': aot, self-contained or ready-to-run" >&2; return 1 ;;
  esac
}

_publish_own_rid() {
  case $(uname -m) in
    aarch64) echo linux-arm64 ;;
    armv7l) echo linux-arm ;;
    *) echo linux-x64 ;;
  esac
}

# The compiler's own words, and before them what they mean where we know it.
_publish_why() {
  local rid=$1 log=$2 pack
  pack=$(grep -oE "NU110[0-3]: Unable to find (a stable )?package [A-Za-z0-9.-]+" "$log" | grep -oE '[A-Za-z0-9.-]+$' | sort -u | tr '\n' ' ' || true)
  [ -z "$pack" ] || echo "The package feed of this machine has nothing for $rid: it lacks ${pack% }." >&2
  sort -u "$log" | head -n 20 >&2
}
