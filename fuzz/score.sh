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
#   - then on, until it is settled whether 1 % of all runs fail, which is looked at after 50 runs,
#     100, 200, 400, 800 and RUNS. The interval (of Clopper and Pearson) is the wider for each of
#     these looks: that it misses the true share at any of them happens to one defect in 20 at most,
#     and so does a verdict on the wrong side of 1 %. What RUNS runs leave open counts by its share;
#   - to RUNS (1000) at most if it is a safety defect. Of others it matters whether they are seen at
#     all: to COMPARED (500), and once a run has failed to RATED (200) at most. Where none of
#     COMPARED fails, their totals are compared with those of as many runs without the defect (sweep
#     --against, of which one comparison in 1,000 may err; it needs some dozens of seeds). A defect
#     under which RATED runs are, record for record, those without it, is left there;
#   - a safety defect whose harm shows from outside: without the checks that see inside, and by
#     histories, applied entries and leaders alone, until a run fails, RUNS at most (BLIND=1 of
#     fuzz/canary.sh asks the same). A run that passes by all checks passes by some, so that only
#     those that failed are made again, and what was not run before.
# A run that fails ends in safety, expectation, liveness, nondeterminism, or an error (a core that
# crashes). Inconclusive ones are counted as open. In calm weather: a seed of each storm. None of
# the RUNS runs fails without a defect: that is tried first, and ends all where it is not so.
#
# Prints the table, the sums (fuzz/score.awk), and what took how many CPU seconds; a row a defect
# stays in $O/score.tsv, all that it prints in $O/score.txt, what a defect was built from, which
# runs failed and why in $O/score/<name>/. Exits 1 where a diff no longer applies or compiles, where
# a harm that it names does not show itself, and where a target is NOT MET.
set -u
cd "$(dirname "$0")/.." || exit 99
self=$PWD/fuzz/score.sh
RUNS=${RUNS:-1000}
COMPARED=${COMPARED:-500}
RATED=${RATED:-200}
export COMPARED RATED
. fuzz/mutant.sh
unchanged=$O/score/unchanged

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

# The first failing run, at most the $1-th; with $2, the results of just these runs without the
# defect, the totals are compared where there is none.
first_of() {
    before=$cpu
    # shellcheck disable=SC2086
    swept_to "$1" --max-failures 1 ${2:+--against "$2"}
    spent storms
    took=$((took + cpu - before))
    [ "$hits" -gt 0 ] || return 1
    first=$of cpu_s=$(seconds "$took")
    line=$(cat "$dir/failures")
    first_seed=$(key seed)
}

# Goes on until the share of runs that fail is settled, or $1 of them are made.
rated() {
    for to in 50 100 200 400 800 "$1"; do
        [ "$to" -le "$1" ] && [ "$(last_seed "$to")" -ge "$((first_seed))" ] || continue
        swept_to "$to"
        settled && break
    done
    spent 'hit rates'
    by=rule
    grep -q '"verdict":"safety"' "$dir/failures" && by=safety
    checks=$(named)
}

digests() { grep -oE '"digest":"[0-9a-f]*"' "$1" | sort; }

# How many runs differ at all from those without the defect.
reached() {
    digests "$unchanged" >"$dir/digests"
    reached=$(digests "$dir/results" | comm -23 - "$dir/digests" | wc -l)
}

# What of its storms shows the defect, with all checks.
shown() {
    took=0
    if [ "$kind" = safety ]; then
        first_of "$RUNS" && rated "$RUNS"
    else
        for to in "$RATED" "$COMPARED"; do
            against=
            [ "$to" = "$RATED" ] || against=$unchanged.$to
            if first_of "$to" "$against"; then
                rated "$RATED"
                break
            fi
            reached
            [ "$reached" -gt 0 ] || break
            checks=$(worse)
            [ -z "$checks" ] || by=against
        done
    fi
    reached
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
        [ "$first" = - ] || from_outside "$dir/failures" "$((of / files))"
    fi
    spent 'from outside'
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
    calm=- first=- cpu_s=- hits=0 of=0 open=0 by=- checks=- harm=- reached=0
    not_inside="" outside_alone="" how=""
    case $kind in safety | liveness | cost) ;; *) how='it does not say of which kind it is' ;; esac
    cpu=0
    if [ -z "$how" ] && built "$1"; then
        spent building
        calm && calm=pass || calm=fail
        spent 'calm weather'
        shown
        [ "$kind" != safety ] || harm "$1"
    fi
    printf '%s' "$(group "$1")"
    printf '\t%s' "$name" "$kind" "$calm" "$first" "$cpu_s" "$hits" "$of" "$open" "$by" "$harm" \
        "$not_inside" "$outside_alone" "$checks" "$how" "$reached"
    echo
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
find "$O/score" -name cpu -exec rm {} +

# Without a defect: all runs pass, and those that totals are compared with are kept.
: >"$dir/cpu" && cpu_to
rm -f "$unchanged"*
compared=
grep -qxE '# kind: (liveness|cost)' "$@" && compared=$COMPARED
for to in $(printf '%s\n' $compared "$RUNS" | sort -nu); do
    [ ! -f "${kept:-}" ] || cp "$kept" "$unchanged.$to"
    kept=$unchanged.$to
    # shellcheck disable=SC2086
    "$O/wavetank" sweep $STORM --seeds "1..$(last_seed "$to")" --jobs "$JOBS" --seed-timeout 60s \
        --out "$kept" --resume -q >"$dir/told" 2>&1
    if grep -qE "$FAILING" "$kept" || ! grep -q '"verdict":' "$kept"; then
        cat "$dir/told"
        echo "score: what fails without a defect measures none" >&2
        exit 1
    fi
done
ln -f "$kept" "$unchanged"
spent 'without a defect'

printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 "$self" --one >"$O/score/rows"
sort "$O/score/rows" >"$O/score.tsv"
{
    awk -f fuzz/score.awk "$O/score.tsv"
    code=$?
    find "$O/score" -name cpu -exec cat {} + | awk -F'\t' '
        { all += $2; part[$1] += $2 }
        END {
            printf "%.0f CPU seconds:", all / 100
            for (p in part) printf "%s %s %.0f", n++ ? "," : "", p, part[p] / 100
            print ""
        }'
    echo "$(($(date +%s) - started)) s with $JOBS jobs"
} >"$O/score.txt"
cat "$O/score.txt"
exit $code
