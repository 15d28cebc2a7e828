#!/usr/bin/env bash
# Compares every locked package with the published vulnerabilities. 0: none known; 1: some, listed; 2: not done, said.
# A package that the service does not know is « not done », never « safe ».
set -uo pipefail
cd "$(dirname "$0")/.."
for lock in base backup dev; do
  said=$(pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r "requirements/$lock.txt" 2>&1)
  code=$?
  if [ $code = 0 ]; then
    echo "requirements/$lock.txt: no known vulnerability."
  elif grep -q "known vulnerabilit" <<<"$said"; then
    printf 'requirements/%s.txt:\n%s\n' "$lock" "$said"
    exit 1
  else
    echo "requirements/$lock.txt: NOT DONE, the service did not answer for every package: $(tail -n 1 <<<"$said")"
    exit 2
  fi
done
