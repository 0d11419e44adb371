# Which program, and building it on this machine.
# shellcheck shell=bash disable=SC2154,SC2034  # variables of deploy.sh

# The project, its name, the devices it uses.
find_program() {
  local found word
  case $1 in
    sprig) project=$here/src/Sprig.Cli/Sprig.Cli.csproj ;;
    *.csproj) project=$1 ;;
    *)
      found=("$here/hardware/programs/$1"/*.csproj)
      [ -e "${found[0]}" ] || found=("$1"/*.csproj)
      [ -e "${found[0]}" ] || fail "no program '$1'" "$(programs)"
      [ ${#found[@]} -eq 1 ] || fail "there are several projects in $1" "name one: ${found[0]}"
      project=${found[0]} ;;
  esac
  [ -e "$project" ] || fail "there is no project $project" "$(programs)"
  folder=$(cd "$(dirname "$project")" && pwd)
  name=$(basename "$project" .csproj)
  name=${name,,}
  [ "$name" != sprig.cli ] || name=sprig
  [[ $name =~ ^[a-z0-9][a-z0-9._-]*$ ]] || fail "'$name' is no name for a service" "name the project with letters, digits, dots, - and _ alone"
  [ -n "$list" ] || [ ! -e "$folder/devices" ] || list=$(sed 's/#.*//' "$folder/devices" | tr '\n' ',')
  read -ra devices <<< "$(tr ',' ' ' <<< "${list:-gpio}")"
  for word in "${devices[@]}"; do
    [[ $word =~ ^(gpio|serial|i2c|spi|pwm|watchdog|/dev/[A-Za-z0-9/._-]+)$ ]] || fail "the device '$word' is unknown" "it is gpio, serial, i2c, spi, pwm, watchdog, or a path under /dev"
    [ "$word:$action" != watchdog:service ] || fail "a service does not open the board's watchdog itself: systemd feeds it" "leave 'watchdog' out of the devices, and give --watchdog 15"
  done
}

programs() {
  local devices known=sprig
  for devices in "$here"/hardware/programs/*/devices; do known+=", $(basename "$(dirname "$devices")")"; done
  printf 'there are %s; or give the path of a .csproj' "$known"
}

check_sdk() {
  local properties
  command -v dotnet > /dev/null || fail "the .NET SDK is missing here" "install the .NET 10 SDK, and put dotnet on the PATH"
  dotnet --list-sdks | grep -q '^1[0-9][.]' || fail "the .NET SDK here is too old: $(dotnet --list-sdks | tail -n 1)" "install the .NET 10 SDK"
  properties=$(dotnet msbuild "$project" -getProperty:AssemblyName -getProperty:OutputType) || fail "can't read $project" "its errors are above"
  assembly=$(sed -n 's/.*"AssemblyName": "\(.*\)".*/\1/p' <<< "$properties")
  grep -q '"OutputType": "Exe"' <<< "$properties" || fail "$project is a library" "deploy the project of a program"
}

choose_mode() {
  local problem
  [ "$mode" = aot ] || return 0
  problem=$(aot_problem "linux-$arch")
  [ -n "$problem" ] || return 0
  [ -n "$fallback" ] || fail "${problem%%: sudo *}" "${problem#*: }; or take --fallback, for ready-to-run"
  say "$problem; ready-to-run instead"
  mode=ready-to-run
}

build_program() {
  build=$here/artifacts/deploy/$name/linux-$arch-$mode
  say "building $name for linux-$arch, $mode"
  [ -z "$dry" ] || { say "+ dotnet publish $project, and the sprig command beside it, to $build"; return; }
  # One at a time here, as for several boards at once; let go when all is copied.
  mkdir -p "${build%/*}"
  exec 9> "$build.lock"
  flock -n 9 || { say "waiting for another deploy.sh that builds $name"; flock 9; }
  # Without the lock: the compiler's server outlives us, and would keep it.
  publish "$project" "linux-$arch" "$mode" "$build" 9>&- || fail "$project can't be published" "the errors are above"
  check_build
}
