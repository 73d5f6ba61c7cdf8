#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The canary: a check that never fails proves nothing, so each must catch a defect that is known.
#
#   fuzz/canary.sh                      every mutant (make canary)
#   fuzz/canary.sh fuzz/mutants/E*      these
#   BLIND=1 fuzz/canary.sh [...]        how many are caught without looking inside
#
# A mutant is the smallest diff that makes exactly one defect in core/, or in the host in sim/world/
# where the defect lives there: fuzz/mutants/<ID>-<name>.diff. In front of the diff stand lines that
# git apply skips:
#   # kind: safety, where a promise of Raft can be broken by it or a client be told what is not so;
#       liveness, where only nothing may happen any more, or a leader is lost without need; cost,
#       where all happens, but dearer, or where the tools alone suffer
#   # breaks: what the defect breaks
#   # exposed by: the circumstances that show it
#   # check: the check that must see it
#   # source: where it has happened, or who warns of it
#
# Each is built from a copy of the sources in $O/mutants (only what the diff touches is compiled,
# the rest is linked from $O/obj), and then swept through the storm files, unaltered, until a run
# fails in whose first bad step the named check is among those that complain: at least one within
# RUNS runs (seed 1 of every file, then seed 2 ...). In calm weather it must pass: what shows itself
# without a storm would say nothing of the storms. (A line "# in calm weather: ..." excuses a
# mutant, and says why. "# scenario: FILE" names a directed scenario that must fail by the check
# instead: for what a storm does not ask, such as an answer to every read, and for what random
# weather seldom finds.) "# check: against": every run passes, and sweep --against must find a total
# worse than without the mutant. A diff that no longer applies, or no longer compiles, fails the
# canary, and so does a check that has no mutant.
#
# BLIND=1 asks how much hangs on checks that look inside: what a Raft without self-checks, of which
# nobody knows what its disk held when it answered, could be tested by. Of each safety mutant whose
# harm shows outside, the storms are swept for RUNS (1000) runs twice: without the checks that see
# inside (wavetank list checks), and by histories, applied entries and leaders alone. That the harm
# shows outside is proved by a line
#   # harm: FILE SEEDS
# which names a scenario and, as sweep does, seeds, of which one at least must fail by safety with
# those last checks alone. The first figure must be at least FIRST_LEAST percent; the second is
# measured.
#
# Prints a line a mutant (how it ended, its name, the check, the run and the seed that caught it,
# CPU seconds of building and of sweeping) and a last line "N passed, N failed, 0 skipped"; exits 1
# if any mutant lives. What a mutant was built from and why it failed stays in $O/mutants/<name>/.
#
# O, CC, CFLAGS, LDFLAGS, SANITIZE, JOBS and BLIND come from make; STORM names the storm files, RUNS
# (500) how many runs a mutant may take, SEEDS (60) how many seeds are compared.
set -u
cd "$(dirname "$0")/.." || exit 99
self=$PWD/fuzz/canary.sh
O=${O:-build}
CC=${CC:-cc}
flags="-std=c11 -fno-lto ${CFLAGS:--O1}${SANITIZE:+ -fsanitize=$SANITIZE}"
LDFLAGS=${LDFLAGS:-}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
STORM=${STORM:-$(echo scenarios/storm/*.scn)}
BLIND=${BLIND:-}
RUNS=${RUNS:-$([ -n "$BLIND" ] && echo 1000 || echo 500)}
SEEDS=${SEEDS:-60}
FIRST_LEAST=85
NOT_INSIDE=inside
OUTSIDE_ALONE=inside,protocol,progress
export O CC LDFLAGS JOBS STORM RUNS SEEDS BLIND

# ---- one mutant: canary.sh --one DIFF ------------------------------------------------------------

header() { sed -n "s/^# $2: *//p" "$1"; }

# CPU seconds of all children so far, in hundredths. `times` must not run in a subshell, which has
# children of its own.
cpu_to() {
    times >"$dir/times"
    cpu=$(awk 'NR == 2 {
            gsub("s", "")
            for (i = 1; i <= 2; i++) { split($i, t, "m"); s += t[1] * 60 + t[2] }
        }
        END { printf "%d", s * 100 }' "$dir/times")
}

seconds() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }

# The sources with the diff in them, in $dir.
patched() {
    rm -rf "$dir"
    mkdir -p "$dir"
    cp -R core sim "$dir/" || return 1
    case $1 in /*) diff=$1 ;; *) diff=$PWD/$1 ;; esac
    # The copy lies in a work tree that git would otherwise apply to.
    (cd "$dir" && unset GIT_DIR GIT_WORK_TREE &&
        GIT_CEILING_DIRECTORIES=$(cd .. && pwd -P) git apply -p1 "$diff") >"$dir/log" 2>&1
}

# Compiles what the diff changed and links it with the objects that are there.
built() {
    changed=$(sed -n 's,^+++ b/,,p' "$1")
    case "$changed" in
    *.h* | *.def* | *.inc*) changed=$(ls core/*.c sim/*/*.c) ;;
    esac
    objects=
    for source in core/*.c sim/*/*.c; do
        case $source in sim/test/* | sim/bench/*) continue ;; esac
        object=$O/obj/${source%.c}.o
        case "
$changed
" in
        *"
$source
"*)
            object=$dir/${source%.c}.o
            # shellcheck disable=SC2086
            $CC $flags -I"$O" -c -o "$object" "$dir/$source" >>"$dir/log" 2>&1 || return 1
            ;;
        esac
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    $CC $flags $LDFLAGS -o "$dir/wavetank" $objects >>"$dir/log" 2>&1
}

key() { printf '%s\n' "$line" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# The failing run in $line: is $check among the checks of its first bad step? The line names one;
# the replay names all.
names_check() {
    [ "$(key check)" = "$check" ] && return 0
    [ "$(key verdict)" = safety ] || return 1
    "$dir/wavetank" replay "$(key scenario)" --variant "$(key variant)" --seed "$(key seed)" \
        2>/dev/null | grep -q "^  broken: $check: "
}

# Of so many runs of the storm files, the last seed.
last_seed() {
    files=$(printf '%s\n' "$STORM" | wc -w)
    echo $(((RUNS + files - 1) / files))
}

# swept FIRST LAST [--without CHECKS]: sweeps the storms until a run fails. Its line is in $line;
# $run grows by the runs that were made.
swept() {
    seeds=$1..$2
    shift 2
    # shellcheck disable=SC2086
    "$dir/wavetank" sweep $STORM --seeds "$seeds" --jobs 1 --max-failures 1 --json "$@" \
        >"$dir/runs" 2>>"$dir/log"
    run=$((run + $(wc -l <"$dir/runs")))
    line=$(
        grep -E '"verdict":"(safety|expectation|liveness|nondeterminism|error)"' "$dir/runs" |
            tail -n 1
    )
    [ -n "$line" ]
}

# Sweeps until the check has seen it; sets $line and $run.
caught() {
    run=0
    first=1
    last=$(last_seed)
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
    # shellcheck disable=SC2086
    "$dir/wavetank" sweep $STORM --seeds "1..$SEEDS" --jobs 1 --against "$O/mutants/unchanged" \
        >"$dir/runs" 2>>"$dir/log"
    grep -q ' worse$' "$dir/runs"
}

calm() {
    # shellcheck disable=SC2086
    "$dir/wavetank" sweep $STORM --seeds 1..2 --jobs 1 --calm >>"$dir/log" 2>&1
}

one() {
    name=$(basename "$1" .diff)
    dir=$O/mutants/$name
    check=$(header "$1" check)
    scenario=$(header "$1" scenario)
    built_in=0
    outcome=caught
    how=
    if ! patched "$1"; then
        outcome=FAILED how='the diff does not apply'
    elif ! built "$1"; then
        outcome=FAILED how='it does not compile'
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

# The harm that a mutant's header names, seen from outside.
harmed() {
    # shellcheck disable=SC2046,SC2086
    "$dir/wavetank" sweep $(set -- $harm && echo "$1 --seeds $2") --without "$OUTSIDE_ALONE" \
        --jobs 1 --max-failures 1 --json 2>>"$dir/log" | grep -q '"verdict":"safety"'
}

# by_storms CHECKS: without these. Says "run N (check)", or "-".
by_storms() {
    run=0
    if swept 1 "$(last_seed)" --without "$1"; then
        printf 'run %s (%s)' "$run" "$(key check)"
    else
        printf '-'
    fi
}

one_blind() {
    name=$(basename "$1" .diff)
    dir=$O/mutants/$name
    harm=$(header "$1" harm)
    if ! patched "$1" || ! built "$1"; then
        printf 'FAILED  %-42s it does not apply, or does not compile\n' "$name"
    elif ! harmed; then
        printf 'FAILED  %-42s no harm shows outside in %s\n' "$name" "$harm"
    else
        printf 'blind   %-42s not inside: %-32s outside alone: %s\n' "$name" \
            "$(by_storms "$NOT_INSIDE")" "$(by_storms "$OUTSIDE_ALONE")"
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

# Those that have the harm of a safety mutant to show, and those that have none.
blind() {
    # shellcheck disable=SC2046
    set -- $(grep -lx '# kind: safety' "$@")
    without=$(grep -L '^# harm: ' "$@")
    # shellcheck disable=SC2046
    set -- $(grep -l '^# harm: ' "$@")
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
printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 "$self" --one | tee "$O/mutants/report"
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
