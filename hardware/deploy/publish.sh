# shellcheck shell=bash
# Builds a program for a board, on this machine: to be sourced. Needs the .NET 10 SDK; for ahead-of-time also a C compiler for the board.
#   publish PROJECT_FILE RID MODE OUT    RID: linux-arm64, linux-arm, linux-x64; MODE: aot, self-contained, ready-to-run
#   aot_problem RID                      what is missing here for MODE aot, and how to get it; nothing when nothing is
#   needed_glibc FOLDER                  the newest glibc that its files ask for, as 2.34

_publish_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
_publish_root=$(cd "$_publish_here/../.." && pwd)

# The program and the `sprig` command, side by side in one folder: what both need is there once.
publish() {
  local project=$1 rid=$2 mode=$3 out=$4 problem sprig=$_publish_root/src/Sprig.Cli/Sprig.Cli.csproj options
  case $mode in
    aot)
      problem=$(aot_problem "$rid")
      [ -z "$problem" ] || { echo "$problem" >&2; return 1; }
      ;;
    self-contained | ready-to-run) ;;
    *) echo "'$mode' is no way to build: aot, self-contained or ready-to-run" >&2; return 1 ;;
  esac
  mapfile -t options < <(_publish_options "$rid" "$mode")
  rm -rf "$out"
  _publish_one "$project" "$rid" "$out" "${options[@]}" || return 1
  [ "$project" -ef "$sprig" ] || _publish_one "$sprig" "$rid" "$out" "${options[@]}"
}

# Debian's packages, which are Ubuntu's and Raspberry Pi OS's too.
aot_problem() {
  local compiler packages
  case $1 in
    "$(_publish_own_rid)") compiler=$(command -v clang || echo gcc) packages="gcc libc6-dev" ;;
    linux-arm64) compiler=aarch64-linux-gnu-gcc packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;;
    linux-arm) compiler=arm-linux-gnueabihf-gcc packages="gcc-arm-linux-gnueabihf libc6-dev-armhf-cross" ;;
    *) compiler=x86_64-linux-gnu-gcc packages="gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;;
  esac
  # It can't link without the C library, which apt leaves out where it is told to install no recommendations.
  if ! command -v "$compiler" > /dev/null || [ "$("$compiler" -print-file-name=crt1.o)" = crt1.o ]; then
    echo "To build ahead of time for $1 this machine lacks ${compiler##*/} with its C library: sudo apt-get install $packages"
  fi
}

# Such names stand in a file as they are: no tool for the board's files is needed to find them.
needed_glibc() {
  { find "$1" -type f -exec grep -aohE 'GLIBC_2\.[0-9]+' {} + || true; } | sort -t . -k 2n | sed -n '$s/GLIBC_//p'
}

_publish_one() {
  local project=$1 rid=$2 out=$3 artifacts=$_publish_root/artifacts/deploy log ended=0
  shift 3
  mkdir -p "$artifacts"
  log=$artifacts/publish.$BASHPID.log
  # In a tree of its own: what this machine builds for itself stays as it is. One build at a time there; -o, since the SDK leaves servers
  # behind, which would go on holding the lock.
  flock -o "$artifacts/lock" dotnet publish "$project" -c Release -r "$rid" -o "$out" --artifacts-path "$artifacts/build" "$@" \
    -v quiet --nologo > "$log" 2>&1 || { ended=1; _publish_why "$rid" "$log"; }
  rm -f "$log"
  return "$ended"
}

# The options of dotnet publish, one a line.
_publish_options() {
  # A lock file of its own: the kept ones know no board.
  printf -- '-p:%s\n' NuGetLockFilePath=obj/deploy.lock.json PublishDocumentationFiles=false PublishReferencesDocumentationFiles=false \
    SatelliteResourceLanguages=en
  case $2 in
    self-contained) printf '%s\n' --self-contained -p:PublishAot=false ;;
    ready-to-run) printf '%s\n' --self-contained -p:PublishAot=false -p:PublishReadyToRun=true ;;
    aot)
      # The symbols, twice the program, stay in artifacts/deploy/build.
      printf -- '-p:%s\n' PublishAot=true CopyOutputSymbolsToPublishDirectory=false AllowedReferenceRelatedFileExtensions=.none
      [ "$1" = "$(_publish_own_rid)" ] || _publish_cross "$1"
      ;;
  esac
}

_publish_cross() {
  local triplet=x86_64-linux-gnu
  case $1 in
    linux-arm64) triplet=aarch64-linux-gnu ;;
    linux-arm) triplet=arm-linux-gnueabihf ;;
  esac
  printf -- '-p:%s\n' "CppCompilerAndLinker=$triplet-gcc" "ObjCopyName=$triplet-objcopy" "CustomAfterMicrosoftCommonTargets=$_publish_here/gcc.targets"
}

_publish_own_rid() {
  case $(uname -m) in
    aarch64) echo linux-arm64 ;;
    armv7l) echo linux-arm ;;
    *) echo linux-x64 ;;
  esac
}

# The errors, or what they mean where that is known.
_publish_why() {
  local rid=$1 log=$2 packs
  packs=$(sed -nE "s/.*NU110[0-3]: Unable to find (a stable )?package ([A-Za-z0-9.-]*[A-Za-z0-9]).*/\2/p" "$log" | sort -u | paste -sd ' ')
  [ -z "$packs" ] || { echo "The package feed of this machine has nothing for $rid: it lacks $packs" >&2; return 1; }
  grep -E ': (error|warning) ' "$log" | sort -u | head -n 10 >&2 || tail -n 10 "$log" >&2
}
