#!/bin/sh
# SPDX-License-Identifier: MIT
# All tests, as `make check` runs them: check.sh UNIT-TEST-BINARY...
# The last line is "N passed, N failed, N skipped". One part a function; each prints what failed and
# adds to the sums. O, CC and JOBS come from make.
set -u
cd "$(dirname "$0")/../.." || exit 99
O=${O:-build}
WT=$O/wavetank
passed=0
failed=0
skipped=0
log=$O/check.log
started=$(date +%s)

add() {
    passed=$((passed + ${1:-0}))
    failed=$((failed + ${2:-0}))
    skipped=$((skipped + ${3:-0}))
}
# Adds the sums of a line "N passed, N failed, [N inconclusive,] N skipped"; what is inconclusive
# has not passed.
add_line() {
    # shellcheck disable=SC2046
    set -- $(printf '%s\n' "$1" | awk '/^[0-9]+ passed, / {
        for (i = 1; i < NF; i += 2) { word = $(i + 1); gsub(/[^a-z]/, "", word); n[word] = $i }
        print n["passed"] + 0, n["failed"] + n["inconclusive"], n["skipped"] + 0 }')
    if [ $# -eq 3 ]; then add "$1" "$2" "$3"; else add 0 1; fi
}
part() {
    now=$(date +%s)
    echo "== $1 ($((now - started)) s)"
}
# Runs a command whose last line are sums; shows all of it where it fails.
summed() {
    "$@" >"$log" 2>&1
    code=$?
    before=$failed
    add_line "$(tail -n 1 "$log")"
    if [ $code -ne 0 ] && [ $failed -eq $before ]; then add 0 1; fi
    if [ $code -ne 0 ]; then cat "$log"; else tail -n 1 "$log"; fi
}

part "unit tests"
for test; do
    CMOCKA_MESSAGE_OUTPUT=TAP "$test" >"$log" 2>&1
    code=$?
    ok=$(grep -c '^ok ' "$log")
    skip=$(grep -c '^[a-z ]*ok [0-9]* # SKIP' "$log")
    bad=$(grep '^not ok ' "$log" | grep -vc '# SKIP')
    # A binary that died, or that could not say what failed, has failed.
    if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    add "$ok" "$bad" "$skip"
    if [ "$bad" -ne 0 ]; then echo "$test: exit $code"; grep -v '^ok ' "$log"; fi
done
echo "$passed passed, $failed failed, $skipped skipped"

part "scenarios"
summed "$WT" run scenarios
# No variant is another one's run, unless its file says so.
if grep -A 1 'are one and the same run' "$log"; then add 0 1; else add 1; fi

part "scenarios that show the harm of a mutant: without it they pass"
summed "$WT" run fuzz/harm fuzz/defects

part "scenarios, each with 50 seeds: what one proves holds whatever is drawn"
summed "$WT" sweep scenarios --seeds 1..50 --jobs "${JOBS:-2}"

part "the canonical form of scenarios"
# shellcheck disable=SC2046
if "$WT" fmt --check scenarios $(find scenarios -name '*.part') >"$log" 2>&1; then add 1; else
    add 0 1
    sed 's/$/: not in canonical form: wavetank fmt -w/' "$log"
fi

part "digests"
summed sim/test/determinism.sh check "$WT"

part "what scenarios prove: with the option they name the other way, they fail"
summed sim/test/proofs.sh options

part "what scenarios see: without their faults, they fail"
summed sim/test/proofs.sh calm

part "the reference"
summed scenarios/reference.sh --check

part "command line"
summed sim/test/cli/run.sh

part "fuzz corpora"
for harness in "$O"/fuzz/standalone_*; do
    case $harness in *.d | *'*') continue ;; esac
    name=${harness##*standalone_}
    set --
    also=
    case $name in scenario | fmt) also=$(echo scenarios/*/) ;; esac
    for folder in "fuzz/corpus/$name" "fuzz/regress/$name" $also; do
        [ -d "$folder" ] && set -- "$@" "$folder"
    done
    [ $# -gt 0 ] || continue
    if "$harness" "$@" >"$log" 2>&1; then add 1; else add 0 1; fi
    echo "$name: $(tail -n 3 "$log")"
done

part "canary: every mutant is caught"
summed fuzz/canary.sh

part "what scenarios prove: under the mutant they name, they fail"
summed sim/test/proofs.sh mutants

part "done"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
