#!/bin/sh
# Builds targets of another preset, if they are not built yet, and runs something of that build:
#   with_preset.sh PRESET "TARGET..." COMMAND [ARGUMENT...]
# COMMAND is a path below the build directory of the preset.
set -eu
cd "$(dirname "$0")/../.."
preset=$1
targets=$2
command=$3
shift 3
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset"
# Word splitting is wanted: several targets in one argument.
# shellcheck disable=SC2086
cmake --build --preset "$preset" --target $targets
exec "build/$preset/$command" "$@"
