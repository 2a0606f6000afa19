#!/bin/sh
# The worked example of README.md must compile as it stands: readme_example.sh COMPILER
set -eu
cd "$(dirname "$0")/../.."
sed -n '/^```cpp$/,/^```$/p' README.md | sed '1d;$d' |
  "$1" -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I. -fsyntax-only -x c++ -
