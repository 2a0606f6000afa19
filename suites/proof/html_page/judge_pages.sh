#!/bin/sh
# Headless Chromium and axe-core judge the pages of the performance report: judge_pages.sh DIRECTORY HTML_PAGES
# HTML_PAGES is the program of that name; DIRECTORY is scratch, where the packages are kept between runs. Needs node and
# npm, and fetches the packages of package-lock.json and nothing else. Exit status 77, and the reason, where Chromium is
# not installed or this build of nsproof has no charts.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: judge_pages.sh DIRECTORY HTML_PAGES" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
directory=$(cd "$1" && pwd)
generator=$(realpath "$2")

pages=$(mktemp -d "$directory/pages.XXXXXX")
trap 'rm -r "$pages"' EXIT
if ! "$generator" "$pages"; then
  [ -s "$pages/empty.html" ] || exit 1
  echo "SKIPPED: without charts there is nothing to judge"
  exit 77
fi

cp "$here/package.json" "$directory/"
if ! cmp -s "$here/package-lock.json" "$directory/installed"; then
  cp "$here/package-lock.json" "$directory/"
  (cd "$directory" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp "$here/package-lock.json" "$directory/installed"
fi
cp "$here"/*.mjs "$directory/"
cd "$directory"
if ! node --input-type=module -e 'import { chromium } from "./browser.mjs"; process.exit(chromium ? 0 : 1)'; then
  echo "SKIPPED: Chromium is not installed (apt-get install chromium), and CHROMIUM does not name it"
  exit 77
fi
node judge.mjs "$pages"
