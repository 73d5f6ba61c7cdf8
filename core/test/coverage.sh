#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Which branches of core/ the storms never take, and who does.
#
#   coverage.sh             holds core/test/untaken.list against the storms (make coverage)
#   coverage.sh --propose   prints the list as it should be: a branch that is listed keeps its
#                           reason, another gets a unit test that takes it, or ?. Where storms
#                           have changed: --propose >NEW, answer each ?, then NEW is the list
#
# The core is built without optimisation and with its assertions out (NDEBUG), and gcov counts
# while every storm runs under the seeds 1..SEEDS. A branch is known by its file, its function and
# the text of its line, so that code that moves breaks nothing. A line of the list is
#
#   FILE FUNCTION LINE.BRANCH[,BRANCH...] REASON | TEXT
#
# LINE: which of the lines of this text in the function, from 1. BRANCH: its numbers in that line,
# as gcc counts them (a list is for one major version of gcc, which it names; another is refused).
# REASON:
#   input             an input that no correct host or node makes is refused here
#   unit:FILE:TEST    this test of core/test/FILE.c takes it
#   never             nothing reaches it: the end of a switch over an enum that was looked at
#                     before, a hole in a table that has none, what callers have already asked
#
# What fails: a branch that no storm takes and that is not listed, one that is listed and taken, or
# is not there, a test that does not exist, and one that does not take it. The last line is
# "N passed, N failed, 0 skipped". O, CC and SEEDS (40) come from make.
set -u
cd "$(dirname "$0")/../.." || exit 99
O=${O:-build}
CC=${CC:-gcc}
SEEDS=${SEEDS:-40}
dir=$O/coverage
list=core/test/untaken.list
major=$($CC -dumpversion | cut -d. -f1)
rm -rf "$dir"
mkdir -p "$dir" || exit 99
failed=0
complain() {
    echo "$1"
    failed=$((failed + 1))
}

# ---- building ------------------------------------------------------------------------------------

compile() { $CC -std=c11 -O0 -w -fno-lto -DNDEBUG "$@"; }

for source in core/*.c; do
    object=$dir/$(basename "$source" .c).o
    compile --coverage -c "$source" -o "$object" || exit 99
    objects="${objects:-} $object"
done
compile -c core/test/dump.c -o "$dir/dump.obj" || exit 99
# shellcheck disable=SC2046,SC2086
compile --coverage -Wl,--wrap=_exit -o "$dir/wavetank" $objects "$dir/dump.obj" \
    $(find "$O/obj/sim" -name '*.o' ! -path '*/test/*' ! -path '*/bench/*') -lxxhash || exit 99

# ---- counting ------------------------------------------------------------------------------------

# What was counted since the last `forget`, by branches.awk.
counted() { gcov -b -c -t -o "$dir" core/*.c 2>/dev/null | awk -f core/test/branches.awk; }
forget() { rm -f "$dir"/*.gcda; }

# FILE TEST: the branches that it takes, one a line; 1: there is no such test.
takes() {
    if [ ! -x "$dir/$1" ]; then
        [ -f "core/test/$1.c" ] || return 1
        # Assertions of the tests are cmocka's and stay.
        # shellcheck disable=SC2086
        compile --coverage -o "$dir/$1" "core/test/$1.c" core/test/one.c $objects -lcmocka ||
            exit 99
        rm -f "$dir"/*"$1"*.gcno "$dir"/*one*.gcno
    fi
    forget
    ONE_TEST=$2 "$dir/$1" >"$dir/log" 2>&1
    grep -q "1 test(s) run" "$dir/log" || return 1
    counted | awk -F'\t' '$1 > 0' | cut -f2-
}

"$dir/wavetank" sweep scenarios/storm --seeds "1..$SEEDS" >"$dir/sweep" 2>&1 || {
    cat "$dir/sweep"
    exit 1
}
counted >"$dir/storms"
[ -s "$dir/storms" ] || exit 99
awk -F'\t' '$1 == 0' "$dir/storms" | cut -f2- >"$dir/untaken"
cut -f2- "$dir/storms" >"$dir/all"

# The list as REASON and key, a branch a line.
listed() {
    [ -f "$list" ] || return 0
    awk '/^#/ || /^$/ { next }
    {
        at = index($0, " | ")
        text = substr($0, at + 3)
        split($3, place, ".")
        n = split(place[2], branch, ",")
        for (i = 1; i <= n; i++)
            print $4 "\t" $1 "\t" $2 "\t" text "\t" place[1] "\t" branch[i]
    }' "$list"
}
listed >"$dir/listed"

# ---- proposing -----------------------------------------------------------------------------------

# Branches that nobody speaks for yet, and of the tests that take some of them always the one that
# takes most.
propose() {
    cut -f2- "$dir/listed" | sort >"$dir/known"
    sort "$dir/untaken" | comm -23 - "$dir/known" >"$dir/open"
    : >"$dir/takers"
    if [ -s "$dir/open" ]; then
        for source in core/test/test_*.c; do
            file=$(basename "$source" .c)
            for test in $(sed -n 's/.*cmocka_unit_test(\([a-z0-9_]*\)).*/\1/p' "$source"); do
                takes "$file" "$test" | sort | comm -12 - "$dir/open" |
                    sed "s/^/unit:$file:$test	/" >>"$dir/takers"
            done
        done
    fi
    awk -F'\t' -v OFS='\t' '
    FILENAME ~ /takers$/ { key = $0; sub(/^[^\t]*\t/, "", key); by[$1, key]; tests[$1]; next }
    FILENAME ~ /listed$/ { key = $0; sub(/^[^\t]*\t/, "", key); reason[key] = $1; next }
    { order[++n] = $0; if (!($0 in reason)) open[$0] }
    END {
        do {
            most = 0
            for (t in tests) {
                c = 0
                for (k in open) c += (t SUBSEP k) in by
                if (c > most || (c && c == most && t < best)) { most = c; best = t }
            }
            if (most)
                for (k in open) if ((best SUBSEP k) in by) { reason[k] = best; delete open[k] }
        } while (most)
        for (i = 1; i <= n; i++)
            print (order[i] in reason ? reason[order[i]] : "?"), order[i]
    }' "$dir/takers" "$dir/listed" "$dir/untaken" | awk -F'\t' '
    function out() { if (head != "") print head branches " " reason " | " text }
    {
        h = $2 " " $3 " " $5 "."
        if (h == head && $1 == reason && $4 == text) {
            branches = branches "," $6
            next
        }
        out()
        head = h
        reason = $1
        text = $4
        branches = $6
    }
    END { out() }'
}

if [ "${1:-}" = --propose ]; then
    sed -n '/^#/p; /^[^#]/q' "$list" 2>/dev/null
    propose
    exit 0
fi

# ---- judging -------------------------------------------------------------------------------------

listed_for=$(sed -n 's/^# gcc \([0-9]*\)$/\1/p' "$list")
if [ "$listed_for" != "$major" ]; then
    echo "core/test/untaken.list counts branches as gcc $listed_for does, and this is $major"
    exit 2
fi
told() { awk -F'\t' '{ print $1 " " $2 " " $4 "." $5 " | " $3 }'; }
cut -f2- "$dir/listed" | sort >"$dir/known"
sort "$dir/untaken" >"$dir/sorted"
each() {
    told <"$dir/wrong" >"$dir/told"
    while read -r branch; do complain "$branch: $1"; done <"$dir/told"
}
comm -23 "$dir/sorted" "$dir/known" >"$dir/wrong"
each "no storm takes it, and it is not listed"
comm -13 "$dir/sorted" "$dir/known" >"$dir/wrong"
sort "$dir/all" >"$dir/every"
comm -12 "$dir/wrong" "$dir/every" >"$dir/taken"
comm -23 "$dir/wrong" "$dir/every" >"$dir/gone"
mv "$dir/taken" "$dir/wrong" && each "it is listed, and a storm takes it"
mv "$dir/gone" "$dir/wrong" && each "it is listed, and there is no such branch"
cut -f1 "$dir/listed" | sort -u | grep -vxE 'input|never|unit:test_[a-z_]+:[a-z0-9_]+' >"$dir/told"
while read -r reason; do
    complain "$reason: no reason (input, unit:FILE:TEST, never)"
done <"$dir/told"
for reason in $(cut -f1 "$dir/listed" | sort -u | sed -n 's/^unit://p'); do
    awk -F'\t' -v reason="unit:$reason" '$1 == reason' "$dir/listed" | cut -f2- |
        sort >"$dir/claims"
    takes "${reason%%:*}" "${reason#*:}" >"$dir/taken" ||
        complain "unit:$reason: there is no such test"
    sort "$dir/taken" | comm -23 "$dir/claims" - >"$dir/wrong"
    each "unit:$reason does not take it"
done
total=$(wc -l <"$dir/all")
untaken=$(wc -l <"$dir/untaken")
of() { awk -F'\t' -v reason="$1" '$1 == reason' "$dir/listed" | wc -l; }
echo "$untaken of $total branches of core/ are taken by no storm under the seeds 1..$SEEDS;" \
    "$(of input) of them refuse impossible input, nothing reaches $(of never)," \
    "the others are taken by unit tests"
echo "$((total - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
