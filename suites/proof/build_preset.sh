#!/bin/sh
# Builds targets of another preset in its own directory: build_preset.sh PRESET TARGET...
set -eu
cd "$(dirname "$0")/../.."
preset=$1
shift
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset"
exec cmake --build --preset "$preset" --target "$@"
