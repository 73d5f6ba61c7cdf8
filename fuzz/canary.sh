#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The canary: a check that never fails proves nothing, so each must catch a defect that is known.
#
#   fuzz/canary.sh                      every mutant (make canary)
#   fuzz/canary.sh fuzz/mutants/E*      these
#   BLIND=1 fuzz/canary.sh [...]        how many are caught without looking inside
#
# What a mutant is, which lines stand in front of its diff and how it is built says fuzz/mutant.sh.
# Each is swept through the storm files until a run fails in whose first bad step the check that it
# names is among those that complain: at least one within RUNS runs. In calm weather it must pass:
# what shows itself without a storm would say nothing of the storms. (A line "# in calm weather:
# ..." excuses a mutant, and says why. "# scenario: FILE" names a directed scenario that must fail
# by the check instead: for what a storm does not ask, such as an answer to every read, and for what
# random weather seldom finds.) "# check: against": every run passes, and sweep --against must find
# a total worse than without the mutant. A diff that no longer applies, or no longer compiles, fails
# the canary, and so does a check that has no mutant.
#
# BLIND=1 asks how much hangs on checks that look inside: what a Raft without self-checks, of which
# nobody knows what its disk held when it answered, could be tested by. Of each safety mutant whose
# harm shows outside, the storms are swept for RUNS (1000) runs twice: without the checks that see
# inside (wavetank list checks), and by histories, applied entries and leaders alone. That the harm
# shows outside is proved by its line "# harm: FILE SEEDS". The first figure must be at least
# FIRST_LEAST percent; the second is measured.
#
# Prints a line a mutant (how it ended, its name, the check, the run and the seed that caught it,
# CPU seconds of building and of sweeping) and a last line "N passed, N failed, 0 skipped"; exits 1
# if any mutant lives. What a mutant was built from and why it failed stays in $O/mutants/<name>/.
#
# O, CC, CFLAGS, LDFLAGS, SANITIZE, JOBS and BLIND come from make; STORM names the storm files, RUNS
# (500) how many runs a mutant may take, SEEDS (40) how many seeds are compared.
set -u
cd "$(dirname "$0")/.." || exit 99
self=$PWD/fuzz/canary.sh
BLIND=${BLIND:-}
RUNS=${RUNS:-$([ -n "$BLIND" ] && echo 1000 || echo 500)}
SEEDS=${SEEDS:-40}
FIRST_LEAST=85
export SEEDS BLIND
. fuzz/mutant.sh

# ---- one mutant: canary.sh --one DIFF ------------------------------------------------------------

# The failing run in $line: is $check among the checks of its first bad step? The line names one;
# the replay names all.
names_check() {
    [ "$(key check)" = "$check" ] && return 0
    case $(key verdict) in safety | liveness) ;; *) return 1 ;; esac
    "$dir/wavetank" replay "$(key scenario)" --variant "$(key variant)" --seed "$(key seed)" \
        2>/dev/null | grep -q "^  broken: $check: "
}

# Sweeps until the check has seen it; sets $line and $run.
caught() {
    run=0
    first=1
    last=$(last_seed "$RUNS")
    while [ "$first" -le "$last" ]; do
        swept "$first" "$last" || return 1
        printf '%s\n' "$line" >>"$dir/failures"
        names_check && return 0
        first=$(($(key seed) + 1))
    done
    return 1
}

# The directed scenario fails by the check.
directed() {
    "$dir/wavetank" run "$scenario" --json >"$dir/runs" 2>>"$dir/log"
    line=$(grep -E '"verdict":"(safety|expectation|liveness)"' "$dir/runs" | head -n 1)
    [ -n "$line" ] && names_check
}

# With the mutant a total is worse. How many runs did not pass does not matter.
worse() {
    sweep_storms --seeds "1..$SEEDS" --against "$O/mutants/unchanged" >"$dir/runs"
    grep -q ' worse$' "$dir/runs"
}

one() {
    name=$(basename "$1" .diff)
    dir=$O/mutants/$name
    check=$(header "$1" check)
    scenario=$(header "$1" scenario)
    built_in=0
    outcome=caught
    how=
    if ! built "$1"; then
        outcome=FAILED
    elif cpu_to && built_in=$cpu && [ -n "$scenario" ]; then
        how=$scenario
        directed || outcome=ALIVE
    elif [ "$check" = against ]; then
        how="$SEEDS seeds of each storm"
        worse || outcome=ALIVE
    elif [ -z "$(header "$1" 'in calm weather')" ] && ! calm; then
        outcome=FAILED how='it shows itself in calm weather'
    elif caught; then
        how="run $run, $(key scenario) seed $(key seed)"
    else
        outcome=ALIVE how="after $run runs"
    fi
    cpu_to
    printf '%-7s %-42s %-22s %s, %s + %s s\n' "$outcome" "$name" "$check" "$how" \
        "$(seconds "$built_in")" "$(seconds $((cpu - built_in)))"
}

# ---- one mutant, blind ---------------------------------------------------------------------------

one_blind() {
    name=$(basename "$1" .diff)
    dir=$O/mutants/$name
    if ! built "$1"; then
        printf 'FAILED  %-42s %s\n' "$name" "$how"
    elif ! harmed "$1"; then
        printf 'FAILED  %-42s no harm shows outside in %s\n' "$name" "$(header "$1" harm)"
    else
        from_outside /dev/null 0
        printf 'blind   %-42s not inside: %-32s outside alone: %s\n' "$name" "$not_inside" \
            "$outside_alone"
    fi
}

if [ "${1:-}" = --one ]; then
    if [ -n "$BLIND" ]; then one_blind "$2"; else one "$2"; fi
    exit 0
fi

# ---- all -----------------------------------------------------------------------------------------

# Of all mutants: each check must have one that the storms show it.
unproven() {
    for check in $("$O/wavetank" list checks | awk '/^  [a-z]/ { print $1 }'); do
        of_check=$(grep -lx "# check: $check" fuzz/mutants/*.diff)
        # shellcheck disable=SC2086
        [ -n "$of_check" ] && grep -L '^# scenario: ' $of_check | grep -q . || echo "$check"
    done
}

# Those that have the harm of a safety mutant to show from outside, and those that have none.
blind() {
    with=
    without=
    for mutant; do
        [ "$(header "$mutant" kind)" = safety ] || continue
        if [ -n "$(header "$mutant" harm)" ] && [ "$(header "$mutant" seen)" != inside ]; then
            with="$with $mutant"
        else
            without="$without $mutant"
        fi
    done
    # shellcheck disable=SC2086
    set -- $with
    [ $# -gt 0 ] || { echo "canary: no safety mutant here has a line '# harm:'" >&2; exit 2; }
    report=$O/mutants/blind
    printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 "$self" --one | tee "$report"
    for mutant in $without; do
        printf 'none    %-42s no harm is known that shows outside\n' "$(basename "$mutant" .diff)"
    done
    first=$(grep -c 'not inside: run' "$report")
    second=$(grep -c 'outside alone: run' "$report")
    failed=$(grep -c '^FAILED' "$report")
    echo "not inside: $first of $# ($((100 * first / $#)) %, at least $FIRST_LEAST %)"
    echo "outside alone: $second of $# ($((100 * second / $#)) %)"
    [ "$failed" -eq 0 ] && [ $((100 * first)) -ge $((FIRST_LEAST * $#)) ]
}

unkind() { grep -LxE '# kind: (safety|liveness|cost)' "$@"; }

all=
[ $# -gt 0 ] || { set -- fuzz/mutants/*.diff && all=yes; }
[ -x "$O/wavetank" ] || { echo "canary: build $O/wavetank first" >&2; exit 99; }
mkdir -p "$O/mutants"
if [ -n "$BLIND" ]; then
    blind "$@"
    exit
fi
if grep -qx '# check: against' "$@"; then
    # shellcheck disable=SC2086
    "$O/wavetank" sweep $STORM --seeds "1..$SEEDS" --jobs "$JOBS" --out "$O/mutants/unchanged" \
        --force -q >/dev/null || exit 1
fi
# From the last name: those that take long are not among the first, so that a quick one ends last.
printf '%s\n' "$@" | sort -r | xargs -P "$JOBS" -n 1 "$self" --one | tee "$O/mutants/report"
passed=$(grep -c '^caught ' "$O/mutants/report")
failed=$(($# - passed))
for mutant in $(unkind "$@"); do
    echo "FAILED  $mutant has no line '# kind: safety', liveness or cost"
    failed=$((failed + 1))
done
for check in ${all:+$(unproven)}; do
    echo "FAILED  no mutant shows that storms can break $check"
    failed=$((failed + 1))
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
