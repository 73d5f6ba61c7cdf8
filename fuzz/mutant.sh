# SPDX-License-Identifier: MIT
#
# What canary.sh, score.sh and by_storm.sh share: a program built from the sources with one diff in
# them, and the sweeps that look for what it breaks. Sourced in the top directory, with RUNS set.
#
# A mutant is the smallest diff that makes exactly one defect in core/, or in the host in sim/world/
# where the defect lives there: <ID>-<name>.diff. Those of fuzz/mutants/ each prove a check; those
# of fuzz/defects/, if there are any, measure the storms, and who writes storms does not look at
# them.
# In front of the diff stand lines that git apply skips:
#   # kind: safety, where a promise of Raft can be broken by it or a client be told what is not so;
#       liveness, where only nothing may happen any more, or a leader is lost without need; cost,
#       where all happens, but dearer, or where the tools alone suffer. It is written before the
#       diff meets a storm
#   # breaks: what the defect breaks
#   # exposed by: the circumstances that show it
#   # source: where it has happened, or who warns of it
#   # harm: FILE SEEDS: a scenario and, as sweep has it, seeds, of which one at least must fail by
#       safety: what makes it a safety defect
#   # seen: inside, where the harm shows only to checks that look inside a node; without this line
#       histories, applied entries and leaders alone must show it
#   # check: the check that must see it, of a mutant; what else there is says canary.sh
#
# A program is built from a copy of the sources in $dir: only what the diff touches is compiled, the
# rest is linked from $O/obj. The storm files are swept unaltered: seed 1 of every file, then seed 2
# ..., RUNS at most.
#
# O, CC, CFLAGS, LDFLAGS, SANITIZE and JOBS come from make; STORM names the storm files.
# shellcheck shell=sh disable=SC2034,SC2154
O=${O:-build}
CC=${CC:-cc}
flags="-std=c11 -fno-lto ${CFLAGS:--O1}${SANITIZE:+ -fsanitize=$SANITIZE}"
LDFLAGS=${LDFLAGS:-}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
STORM=${STORM:-$(echo scenarios/storm/*.scn)}
export O CC LDFLAGS JOBS STORM RUNS

files=$(printf '%s\n' "$STORM" | wc -w)
NOT_INSIDE=inside
OUTSIDE_ALONE=inside,protocol,progress
FAILING='"verdict":"(safety|expectation|liveness|nondeterminism|error)"'

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

# spent PART: what was spent since the last cpu_to was so on this, for $dir/cpu.
spent() {
    since=$cpu
    cpu_to
    printf '%s\t%d\n' "$1" $((cpu - since)) >>"$dir/cpu"
}

seconds() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }

# ---- building ------------------------------------------------------------------------------------

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

# The sources of the program that include a file, by what make keeps of it.
includers() {
    find "$O/obj/core" "$O/obj/sim" -name '*.d' -exec grep -lE "(^| )$1( |\$)" {} + |
        sed "s,^$O/obj/,,; s,d\$,c,"
}

# Compiles what the diff changed and links it with the objects that are there.
compiled() {
    changed=$(sed -n 's,^+++ b/,,p' "$1")
    for file in $changed; do
        case $file in *.c) continue ;; esac
        changed="$changed
$(includers "$file")"
    done
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

# $dir/wavetank has the diff in it; otherwise $how says why not.
built() {
    if ! patched "$1"; then how='the diff does not apply'; return 1; fi
    if ! compiled "$1"; then how='it does not compile'; return 1; fi
}

# ---- sweeping ------------------------------------------------------------------------------------

key() { printf '%s\n' "$line" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# The last seed of so many runs of the storm files.
last_seed() { echo $((($1 + files - 1) / files)); }

# What a run comes to must not depend on who else works on the machine: the limit of a run by the
# wall clock is far beyond that of its events.
sweep_storms() {
    # shellcheck disable=SC2086
    "$dir/wavetank" sweep $STORM --jobs 1 --seed-timeout 60s "$@" 2>>"$dir/log"
}

# swept FIRST LAST [--without CHECKS]: sweeps the storms until a run fails. Its line is in $line;
# $run grows by the runs that were made.
swept() {
    seeds=$1..$2
    shift 2
    sweep_storms --seeds "$seeds" --max-failures 1 --json "$@" >"$dir/runs"
    run=$((run + $(wc -l <"$dir/runs")))
    line=$(grep -E "$FAILING" "$dir/runs" | tail -n 1)
    [ -n "$line" ]
}

calm() { sweep_storms --seeds 1..1 --calm >>"$dir/log"; }

# ---- from outside --------------------------------------------------------------------------------

# The harm that the header names shows itself.
harmed() {
    seen=$(header "$1" seen)
    # shellcheck disable=SC2046
    set -- $(header "$1" harm)
    [ $# -eq 2 ] || return 1
    [ "$seen" = inside ] && without= || without="--without $OUTSIDE_ALONE"
    # shellcheck disable=SC2086
    "$dir/wavetank" sweep "$1" --seeds "$2" $without --jobs 1 --max-failures 1 --json \
        2>>"$dir/log" | grep -q '"verdict":"safety"'
}

# again CHECKS FROM: the first of the runs of seeds FROM and later whose lines are in $known that
# fails without these checks, too. Its line is in $line.
again() {
    while read -r line; do
        seed=$(($(key seed)))
        [ "$seed" -ge "$2" ] || continue
        "$dir/wavetank" sweep "$(key scenario)" --seeds "$seed..$seed" --without "$1" --jobs 1 \
            --seed-timeout 60s --json 2>>"$dir/log" >"$dir/run"
        line=$(grep -E "$FAILING" "$dir/run") && return 0
    done <"$known"
    return 1
}

# without CHECKS FROM: the first run of seed FROM or later that fails without these checks. Those up
# to the seed $upto were made with all checks, and $known has those that failed.
without() {
    run=0
    if [ "$2" -le "$upto" ] && again "$1" "$2"; then
        run=$(numbered)
        return
    fi
    from=$(($2 > upto + 1 ? $2 : upto + 1))
    [ "$from" -le "$(last_seed "$RUNS")" ] || return 1
    run=$(((from - 1) * files))
    swept "$from" "$(last_seed "$RUNS")" --without "$1"
}

# Which run of the storms $line is: seed 1 of every file comes first.
numbered() {
    at=0
    for file in $STORM; do
        at=$((at + 1))
        [ "$file" != "$(key scenario)" ] || break
    done
    echo $((($(key seed) - 1) * files + at))
}

# from_outside KNOWN UPTO: what the storms show without the checks that see inside ($not_inside),
# and by histories, applied entries and leaders alone ($outside_alone): "run N (check)", or "-".
# KNOWN is a file with the lines of all runs that failed by any check, up to the seed UPTO; 0:
# none was made. Fewer checks see no more: the second begins where the first has found something.
from_outside() {
    known=$1 upto=$2
    not_inside=- outside_alone=-
    without "$NOT_INSIDE" 1 || return 0
    not_inside="run $run ($(key check))"
    without "$OUTSIDE_ALONE" "$(($(key seed)))" || return 0
    outside_alone="run $run ($(key check))"
}
