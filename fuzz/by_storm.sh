#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Which storms show a defect, and which storm alone does.
#
#   fuzz/by_storm.sh                       all of mutants/ and defects/ (make score BY_STORM=1)
#   fuzz/by_storm.sh fuzz/mutants/C*.diff  these
#   fuzz/by_storm.sh --table FILE          sweeps nothing: the table and the sums of such rows
#
# Each defect meets each storm by itself, under the seeds 1..SEEDS (60), until a run fails, by
# whatever check. The table has the first seed of each storm that fails, and the check that said so
# in the storm that was soonest. A storm is alone with a defect that no other storm shows within
# SEEDS seeds; where it needed many seeds itself, that others show nothing is no great surprise:
# SEEDS=300 with the defects in question asks again.
#
# The sums say of each storm how many defects it shows, of how many it is the soonest (two that are
# equally soon both are), and those with which it is alone. What a diff is and how it is built says
# fuzz/mutant.sh. Rows stay in $O/by-storm.tsv, all that is printed in $O/by-storm.txt. Exits 1
# where a diff no longer applies or compiles.
set -u
cd "$(dirname "$0")/.." || exit 99
self=$PWD/fuzz/by_storm.sh
SEEDS=${SEEDS:-60}
RUNS=$SEEDS
export SEEDS
. fuzz/mutant.sh

one() {
    name=$(basename "$1" .diff)
    dir=$O/by-storm/$name
    row=
    said=-
    how=
    if built "$1"; then
        soonest=$((SEEDS + 1))
        for STORM in $STORM; do
            seed=-
            if swept 1 "$SEEDS"; then
                seed=$(($(key seed)))
                [ "$seed" -ge "$soonest" ] || soonest=$seed said=$(key check)
            fi
            row="$row	$seed"
        done
    fi
    printf '%s\t%s\t%s\t%s%s\n' "$name" "$(header "$1" kind)" "$said" "$how" "$row"
}

table() {
    awk -F'\t' -v storms="$STORM" '
    BEGIN {
        n = split(storms, storm, " ")
        printf "%-42s %-8s %-20s", "defect", "kind", "soonest by"
        for (i = 1; i <= n; i++) {
            gsub(/.*\/|\.scn/, "", storm[i])
            printf " %9s", storm[i]
        }
        print ""
    }
    $4 != "" { print "FAILED  " $1 ": " $4; wrong = 1; next }
    {
        printf "%-42s %-8s %-20s", $1, $2, $3
        least = count = 0
        for (i = 1; i <= n; i++) {
            printf " %9s", $(i + 4)
            if ($(i + 4) == "-") continue
            shown[i]++
            count++
            only = i
            if (!least || $(i + 4) < least) least = $(i + 4)
        }
        print ""
        for (i = 1; i <= n; i++) soonest[i] += count && $(i + 4) == least
        if (count == 1) {
            alone[only]++
            names[only] = names[only] sprintf("  %-42s %-8s %s, seed %d\n", $1, $2, $3, least)
        }
        if (!count) none = none "  " $1 "\n"
    }
    END {
        printf "\n%-12s %8s %8s %8s\n", "storm", "shows", "soonest", "alone"
        for (i = 1; i <= n; i++)
            printf "%-12s %8d %8d %8d\n", storm[i], shown[i], soonest[i], alone[i]
        for (i = 1; i <= n; i++)
            if (alone[i]) printf "\n%s alone shows:\n%s", storm[i], names[i]
        if (none != "") printf "\nno storm shows:\n%s", none
        exit wrong
    }' "$1"
}

case ${1:-} in
--one) one "$2"; exit ;;
--table) table "$2"; exit ;;
esac

if [ $# -eq 0 ]; then
    set -- fuzz/mutants/*.diff
    [ ! -d fuzz/defects ] || set -- "$@" fuzz/defects/*.diff
fi
[ -x "$O/wavetank" ] || { echo "by_storm: build $O/wavetank first" >&2; exit 99; }
mkdir -p "$O/by-storm"
printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 "$self" --one >"$O/by-storm/rows"
sort "$O/by-storm/rows" >"$O/by-storm.tsv"
table "$O/by-storm.tsv" >"$O/by-storm.txt"
code=$?
cat "$O/by-storm.txt"
exit $code
