#!/bin/sh
# SPDX-License-Identifier: MIT
# Scenarios that say what they prove pass as they stand, and must fail, by safety, expectation or liveness, without it:
#
#     proofs.sh options [FILE...]     "# proves option NAME": with the option the other way, which is off, or on where its name begins with
#                                     unsafe-; "# proves option NAME=VALUE" names the other way itself
#     proofs.sh mutants [FILE...]     "# proves mutant E03": run by the mutant fuzz/mutants/E03-*.diff, as the canary has built it
#     proofs.sh calm [FILE...]        every file: with its faults taken away (run --calm) it fails an expectation or makes no progress, and so
#                                     shows that it sees them; "# calm-ok: WHY" in its header says why it need not
#
# Without files: all of scenarios/. The last line is "N passed, N failed, 0 skipped".
set -u
cd "$(dirname "$0")/../.." || exit 99
O=${O:-build}
what=${1:-options}
[ $# -gt 0 ] && shift
passed=0
failed=0
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(find scenarios -name '*.scn' | LC_ALL=C sort)

# must_fail WHY PROGRAM ARGUMENT...
must_fail() {
    why=$1
    shift
    "$@" >/dev/null 2>&1
    code=$?
    if [ $code -eq 1 ] || [ $code -eq 3 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$file: $why it should fail, and ends with $code"
    fi
}

option() {
    case $1 in
    *=*) set_to=$1 ;;
    unsafe-*) set_to=$1=on ;;
    *) set_to=$1=off ;;
    esac
    must_fail "with --set $set_to" "$O/wavetank" run "$file" --set "$set_to"
}

mutant() {
    for diff in fuzz/mutants/"$1"-*.diff; do
        program=$O/mutants/$(basename "$diff" .diff)/wavetank
        must_fail "under mutant $1" "$program" run "$file"
    done
}

say() {
    failed=$((failed + 1))
    echo "$file: $1"
}

# What each variant comes to without its faults, a word each.
calm() {
    ends=$("$O/wavetank" run "$file" --calm --json 2>/dev/null | sed 's/.*"verdict":"\([a-z]*\)".*/\1/' | sort -u)
    ends=${ends:-error}
    excuse=$(grep '^# calm-ok' "$file" | head -n 1)
    odd=$(printf '%s\n' "$ends" | grep -vxE 'pass|expectation|liveness' | tr '\n' ' ')
    seen=$(printf '%s\n' "$ends" | grep -cxE 'expectation|liveness')
    if [ -n "$odd" ]; then
        say "without its faults it ends in ${odd% }: look at wavetank run $file --calm"
    elif [ -n "$excuse" ] && ! printf '%s\n' "$excuse" | grep -q '^# calm-ok: *[^ ]'; then
        say "it says calm-ok, but not why: write # calm-ok: WHY"
    elif [ -n "$excuse" ] && [ "$seen" -gt 0 ]; then
        say "it says calm-ok, and fails without its faults: take that line out"
    elif [ -z "$excuse" ] && [ "$seen" -eq 0 ]; then
        say "it passes without its faults: expect what only they bring about (or write # calm-ok: WHY in the header)"
    else
        passed=$((passed + 1))
    fi
}

for file; do
    if [ "$what" = calm ]; then
        calm
        continue
    fi
    for named in $(sed -n "s/^#* *proves ${what%s}  *\([^ ]*\).*/\1/p" "$file"); do
        "${what%s}" "$named"
    done
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
