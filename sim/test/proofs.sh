#!/bin/sh
# SPDX-License-Identifier: MIT
# A scenario whose head says "# proves option NAME" passes as it stands and must fail, by safety, expectation or liveness, with that option the
# other way: off, or on where its name begins with unsafe-. "# proves option NAME=VALUE" names the other way itself.
# (What is said to prove a mutant is run by fuzz/canary.sh.) With arguments: only these files.
set -u
cd "$(dirname "$0")/../.." || exit 99
WT=${O:-build}/wavetank
passed=0
failed=0
[ $# -gt 0 ] || set -- $(find scenarios -name '*.scn' | LC_ALL=C sort)
for file; do
    for option in $(sed -n 's/^#* *proves option  *\([^ ]*\).*/\1/p' "$file"); do
        case $option in
        *=*) set_to=$option ;;
        unsafe-*) set_to=$option=on ;;
        *) set_to=$option=off ;;
        esac
        "$WT" run "$file" --set "$set_to" >/dev/null 2>&1
        code=$?
        if [ $code -eq 1 ] || [ $code -eq 3 ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "$file: with --set $set_to it should fail, and ends with $code"
        fi
    done
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
