#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What score.sh and by_storm.sh conclude from their rows, and what mutant.sh does without a sweep.
# Prints what is not as it should be and a last line "N passed, N failed, 0 skipped".
set -u
cd "$(dirname "$0")/.." || exit 99
O=${O:-build}
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0
# is WHAT FOUND EXPECTED
is() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: found\n%s\nand not\n%s\n' "$1" "$2" "$3"
    fi
}

# ---- shares --------------------------------------------------------------------------------------

settled() { awk -f fuzz/score.awk -v settled="$1" /dev/null && echo yes || echo no; }
for case in 3/56:no 4/56:yes 7/203:no 8/203:yes 0/504:no 0/812:yes 2/1001:yes 3/1001:no; do
    is "whether ${case%:*} settles on which side of 1 % it is" "$(settled "${case%:*}")" \
        "${case#*:}"
done

# row GROUP NAME KIND FIRST CPU_S HITS RUNS BY NOT_INSIDE OUTSIDE_ALONE DIFFER
row() {
    printf '%s\t%s\t%s\tpass\t%s\t%s\t%s\t%s\t0\t%s\t-\t%s\t%s\tchecks\t\t%s\n' "$@"
}
{
    row mutant M1 safety 2 0.06 18 56 safety 'run 2 (x)' - 50
    row thought T1 safety - - 0 1001 - '' '' 7
    row drawn O1 liveness - - 0 203 - '' '' 0
    row drawn O2 cost - - 0 504 against '' '' 504
    row mutant M2 cost 300 9.00 1 300 rule '' '' 200
} >"$scratch/rows"
told=$(fuzz/score.sh --table "$scratch/rows")
is "targets that are not met are a failure" "$?" 1
line() { printf '%s\n' "$told" | grep -- "$1" | tr -s ' '; }
is "intervals are exact, and the wider for each look" \
    "$(printf '%s\n' "$told" | grep -o '([0-9.]* \.\. [0-9. ]*%)' | head -n 2)" "(17.0 .. 50.5 %)
(0.0 .. 0.5 %)"
is "safety defects that enough runs show" "$(line 'at least 1 %' | sed 's/.*fail //')" \
    "1/1 100.0 % - 0/1 0.0 % 1/2 50.0 % target 95 %: NOT MET"
is "what else is caught" "$(line 'liveness and cost: caught' | sed 's/.*caught //')" \
    "1/1 100.0 % 1/2 50.0 % - 2/3 66.7 % target 60 %"
is "first kills" "$(line 'first kills' | sed 's/.*seconds //')" \
    "1/2 50.0 % - - 1/2 50.0 % target 90 %: NOT MET"
is "a survivor that was reached" "$(line '^  T1')" " T1 0/1001; 7 of 1001 runs differ"
is "a survivor that never was" "$(line '^  O1')" " O1 never reached in 203 runs"

# ---- storms --------------------------------------------------------------------------------------

{
    printf 'A\tsafety\tvote-once\t\t-\t7\n'
    printf 'B\tsafety\tcontract\t\t2\t2\n'
    printf 'C\tliveness\t-\t\t-\t-\n'
} >"$scratch/rows"
is "which storm is alone" \
    "$(STORM='x/calm.scn x/wild.scn' fuzz/by_storm.sh --table "$scratch/rows" | tail -n +6 |
        tr -s ' ')" \
    "storm shows soonest alone
calm 1 1 0
wild 2 2 1

wild alone shows:
 A safety vote-once, seed 7

no storm shows:
 C"

# ---- runs ----------------------------------------------------------------------------------------

STORM='a.scn b.scn c.scn'
RUNS=1000
. fuzz/mutant.sh
line='{"scenario":"b.scn","variant":"","seed":"0xa"}'
is "seed 1 of every file is run first" "$(numbered)" 29
is "the last seed of so many runs" "$(last_seed 1000)" 334
is "who includes a header is compiled anew with it" \
    "$(includers core/lease.h | grep -c -x -e core/lease.c -e core/read.c)" \
    "$(grep -l '"lease.h"' core/lease.c core/read.c | wc -l)"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
