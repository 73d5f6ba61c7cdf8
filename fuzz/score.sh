#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The score: how often the storms show each defect, how soon, and by what.
#
#   fuzz/score.sh                       all of fuzz/mutants and fuzz/defects (make score)
#   fuzz/score.sh fuzz/mutants/C*.diff  these
#   fuzz/score.sh --table FILE          sweeps nothing: the table and the sums of such rows
#
# What a diff is, which lines stand in front of it and how it is built says fuzz/mutant.sh. All
# storms are swept, whatever a mutant says of a directed scenario, and any check may see it:
#   - until the first run fails, which gives its number and the CPU seconds to it;
#   - then on, until the 95 % interval of Wilson lies on one side of 1 %, which is looked at after
#     200 runs, 400, 800 ...
#   - to RUNS (1000) at most if it is a safety defect, otherwise to COMPARED (500), and where none
#     of these fails, their totals are compared with those of as many runs without the defect (sweep
#     --against);
#   - a safety defect whose harm shows from outside: without the checks that see inside, and by
#     histories, applied entries and leaders alone, until a run fails, RUNS at most (BLIND=1 of
#     fuzz/canary.sh asks the same).
# A run that fails ends in safety, expectation, liveness, nondeterminism, or an error (a core that
# crashes). Inconclusive ones are counted as open. In calm weather: two seeds of each storm.
#
# Prints the table, the sums (fuzz/score.awk) and how long it took; a row a defect stays in
# $O/score.tsv, all that it prints in $O/score.txt, what a defect was built from, which runs failed
# and why in $O/score/<name>/. Exits 1 where a diff no longer applies or compiles, where a harm that
# it names does not show itself, and where a target is NOT MET.
set -u
cd "$(dirname "$0")/.." || exit 99
self=$PWD/fuzz/score.sh
RUNS=${RUNS:-1000}
COMPARED=${COMPARED:-500}
export COMPARED
. fuzz/mutant.sh

# ---- one defect: score.sh --one DIFF -------------------------------------------------------------

# swept_to RUNS [OPTION...]: goes on to so many runs in all. How many there are is then in $of,
# how many failed in $hits, the lines of those in $dir/failures.
swept_to() {
    seeds=1..$(last_seed "$1")
    shift
    sweep_storms --seeds "$seeds" --out "$dir/results" --resume -q "$@" >"$dir/told"
    grep -E "$FAILING" "$dir/results" >"$dir/failures"
    hits=$(wc -l <"$dir/failures")
    of=$(grep -c '"verdict":' "$dir/results")
}

# Whether 1 % of the runs fail or fewer is not open any more.
settled() { awk -f fuzz/score.awk -v settled="$hits/$of" /dev/null; }

# "safety promise-audit 12, liveness progress 3", the most frequent first.
named() {
    sed -n 's/.*"verdict":"\([^"]*\)","check":"\([^"]*\)".*/\1 \2/p' "$dir/failures" | sort |
        uniq -c | sort -k1,1nr -k2 |
        awk '{ printf "%s%s %s %d", n++ ? ", " : "", $2, $3, $1 }'
}

# The totals that sweep --against found worse.
worse() { sed -n 's/^  \(.\{24\}\).* worse$/\1/p' "$dir/told" | sed 's/ *$//' | paste -sd, -; }

# What of its storms shows the defect, with all checks.
shown() {
    most=$RUNS
    against=
    [ "$kind" = safety ] || most=$COMPARED against="--against $O/score/unchanged"
    cpu_to
    before=$cpu
    # shellcheck disable=SC2086
    swept_to "$most" --max-failures 1 $against
    cpu_to
    if [ "$hits" -gt 0 ]; then
        first=$of cpu_s=$(seconds $((cpu - before)))
        first_seed=$(line=$(cat "$dir/failures") && key seed)
        to=200
        while [ "$of" -lt "$most" ] && swept_to "$to" && ! settled; do
            to=$((2 * to < most ? 2 * to : most))
        done
        by=rule
        grep -q '"verdict":"safety"' "$dir/failures" && by=safety
        checks=$(named)
    elif [ -n "$against" ]; then
        checks=$(worse)
        [ -z "$checks" ] || by=against
    fi
    open=$(grep -c '"verdict":"inconclusive"' "$dir/results")
    rm "$dir/results"
}

# The harm of a safety defect, and how much of it is seen from outside.
harm() {
    harm=none
    [ -n "$(header "$1" harm)" ] || return
    harm=$(header "$1" seen)
    harm=${harm:-outside}
    if ! harmed "$1"; then
        how='the harm that it names does not show itself'
    elif [ "$harm" = outside ]; then
        not_inside=- outside_alone=-
        [ "$first" = - ] || from_outside "$((first_seed))"
    fi
}

# Drawn by a mechanical operator, thought of, or a mutant.
group() {
    case $1:$(header "$1" source) in
    *fuzz/defects/*:operator*) echo drawn ;;
    *fuzz/defects/*) echo thought ;;
    *) echo mutant ;;
    esac
}

one() {
    name=$(basename "$1" .diff)
    dir=$O/score/$name
    kind=$(header "$1" kind)
    calm=- first=- cpu_s=- hits=0 of=0 open=0 by=- checks=- harm=-
    not_inside="" outside_alone="" how=""
    case $kind in safety | liveness | cost) ;; *) how='it does not say of which kind it is' ;; esac
    if [ -z "$how" ] && built "$1"; then
        calm && calm=pass || calm=fail
        shown
        [ "$kind" != safety ] || harm "$1"
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(group "$1")" "$name" \
        "$kind" "$calm" "$first" "$cpu_s" "$hits" "$of" "$open" "$by" "$harm" "$not_inside" \
        "$outside_alone" "$checks" "$how"
}

case ${1:-} in
--one) one "$2"; exit ;;
--table) exec awk -f fuzz/score.awk "$2" ;;
esac

# ---- all -----------------------------------------------------------------------------------------

if [ $# -eq 0 ]; then
    set -- fuzz/mutants/*.diff
    [ ! -d fuzz/defects ] || set -- "$@" fuzz/defects/*.diff
fi
[ -x "$O/wavetank" ] || { echo "score: build $O/wavetank first" >&2; exit 99; }
mkdir -p "$O/score"
dir=$O/score
started=$(date +%s)
if grep -qxE '# kind: (liveness|cost)' "$@"; then
    # shellcheck disable=SC2086
    "$O/wavetank" sweep $STORM --seeds "1..$(last_seed "$COMPARED")" --jobs "$JOBS" \
        --out "$O/score/unchanged" --force -q >/dev/null || exit 1
fi
printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 "$self" --one >"$O/score/rows"
sort "$O/score/rows" >"$O/score.tsv"
awk -f fuzz/score.awk "$O/score.tsv" >"$O/score.txt"
code=$?
cpu_to
echo "$(seconds "$cpu") CPU seconds, $(($(date +%s) - started)) s with $JOBS jobs" >>"$O/score.txt"
cat "$O/score.txt"
exit $code
