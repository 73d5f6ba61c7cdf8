#!/bin/sh
# SPDX-License-Identifier: MIT
# The runs of determinism.list, and whether they come out the same:
#
#     determinism.sh check PROGRAM     each has the digest and the verdict that stand in the list;
#                                      the last line is "N passed, N failed, ..."
#     determinism.sh bless PROGRAM     writes what it saw into the list
#     determinism.sh builds NAME...    builds this tree in each of these ways (see build_of) and
#                                      compares the builds with the first; ends with 4 where two
#                                      differ or a sanitizer complains, and shows the first record
#                                      that differs
#
# Builds lie in $DIR (build/determinism), JOBS says how many things run at a time.
set -u
cd "$(dirname "$0")/../.." || exit 99
LIST=sim/test/determinism.list
DIR=${DIR:-build/determinism}
JOBS=${JOBS:-2}
MAKE=${MAKE:-make}
# What a sanitizer finds ends the program with a code that no run has.
export ASAN_OPTIONS=exitcode=98 MSAN_OPTIONS=exitcode=98
export UBSAN_OPTIONS=halt_on_error=1:exitcode=98:print_stacktrace=1

# The n-th run of the list: sets `args`, and `expected` as it stands there.
line_of() {
    line=$(grep -v '^#' "$LIST" | sed -n "$1p")
    # shellcheck disable=SC2086
    set -- $line
    expected="$1 $2"
    shift 2
    args=$*
}
count=$(grep -vc '^#' "$LIST")

# outcome PROGRAM...: "digest verdict" of a run with $args, or "exit-N -"; what it wrote to stderr
# is in $errors.
outcome() {
    # shellcheck disable=SC2086
    out=$("$@" run $args --json 2>"$errors")
    code=$?
    case $code/$(printf '%s\n' "$out" | wc -l) in
    [0135]/1)
        printf '%s\n' "$out" | sed 's/.*"verdict":"\([^"]*\)".*"digest":"\([^"]*\)".*/\2 \1/'
        ;;
    [0135]/*) echo "variants: -" ;;    # name one in the list
    *) echo "exit-$code -" ;;
    esac
}

# ---- one build -----------------------------------------------------------------------------------

check() {
    errors=/dev/null
    failed=0
    for n in $(seq "$count"); do
        line_of "$n"
        seen=$(outcome "$@")
        [ "$seen" = "$expected" ] && continue
        failed=$((failed + 1))
        printf '%s\n    expected %s\n    now      %s\n' "$args" "$expected" "$seen"
    done
    [ $failed -eq 0 ] ||
        echo "Is that meant? Then make bless-determinism, in a commit of its own that says why."
    echo "$((count - failed)) passed, $failed failed, 0 skipped"
    [ $failed -eq 0 ]
}

bless() {
    errors=/dev/null
    new=$LIST.new
    grep '^#' "$LIST" >"$new"
    for n in $(seq "$count"); do
        line_of "$n"
        echo "$(outcome "$@") $args" >>"$new"
    done
    mv "$new" "$LIST"
}

# ---- many builds ---------------------------------------------------------------------------------

# runner_of NAME: what runs the program of a build.
runner_of() {
    case $1 in
    s390x-*) echo qemu-s390x ;;
    arm64-*) echo qemu-aarch64 ;;
    esac
}

# build_of NAME: builds it.
build_of() {
    name=$1
    # A compiler's 32-bit side finds the kernel's headers where the 64-bit side has them, whichever
    # packages are there.
    m32="-m32 -idirafter /usr/include/$(gcc -print-multiarch)"
    case $name in
    gcc-m32-*) set -- CC="gcc $m32" ;;
    clang-m32-*) set -- CC="clang $m32" ;;
    gcc-*) set -- CC=gcc ;;
    clang-*) set -- CC=clang ;;
    s390x-*) set -- CC=s390x-linux-gnu-gcc LDFLAGS=-static ;;
    arm64-*) set -- CC=aarch64-linux-gnu-gcc LDFLAGS=-static ;;
    *) echo "determinism: no such build: $name" >&2; exit 2 ;;
    esac
    case $name in
    # Compilers warn of paths that only the sanitizers' own code makes: no errors of those.
    *-asan) set -- "$@" SANITIZE=address,undefined WERROR= ;;
    *-msan) set -- "$@" SANITIZE=memory WERROR= ;;
    esac
    case $name in
    *-O0*) set -- "$@" CFLAGS="-g -O0" ;;
    *-O2*) set -- "$@" CFLAGS="-g -O2" ;;
    *-O3*) set -- "$@" CFLAGS="-g -O3" ;;
    esac
    mkdir -p "$DIR/$name"
    "$MAKE" --no-print-directory -j"$JOBS" all O="$DIR/$name" "$@" >"$DIR/$name/log" 2>&1 && return
    cat "$DIR/$name/log"
    echo "determinism: $name does not build" >&2
    exit 99
}

# one NAME N: what the n-th run comes to in that build, into DIR/NAME/N.
one() {
    line_of "$2"
    errors=$DIR/$1/$2.err
    # shellcheck disable=SC2046
    outcome $(runner_of "$1") "$DIR/$1/wavetank" >"$DIR/$1/$2"
}

run_all() {
    seq "$count" | xargs -P "$JOBS" -I'{}' "$0" one "$1" '{}'
}

# differ FIRST NAME: prints how many runs of two builds differ, and remembers which.
differ() {
    n_differ=0
    for n in $(seq "$count"); do
        cmp -s "$DIR/$1/$n" "$DIR/$2/$n" && continue
        n_differ=$((n_differ + 1))
        echo "$2 $n" >>"$DIR/differ"
    done
}

trace_of() {
    # shellcheck disable=SC2046,SC2086
    $(runner_of "$1") "$DIR/$1/wavetank" trace $args --to jsonl -o "$DIR/$1/trace.jsonl" 2>/dev/null
}

# show FIRST NAME N: how a run differs, and where it begins to.
show() {
    line_of "$3"
    printf '%s\n    %-16s %s\n    %-16s %s\n' "$args" "$1" "$(cat "$DIR/$1/$3")" \
        "$2" "$(cat "$DIR/$2/$3")"
    if grep -q '^exit-' "$DIR/$2/$3"; then
        head -n 40 "$DIR/$2/$3.err"
    else
        trace_of "$1"
        trace_of "$2"
        "$DIR/$1/wavetank" diff "$DIR/$1/trace.jsonl" "$DIR/$2/trace.jsonl" 2>/dev/null
    fi
}

builds() {
    first=$1
    n_builds=$#
    began=$(date +%s)
    rm -f "$DIR/differ"
    printf '%-16s %6s %8s %8s %8s\n' build runs differ build-s run-s
    for name; do
        t0=$(date +%s)
        build_of "$name"
        t1=$(date +%s)
        run_all "$name"
        differ "$first" "$name"
        printf '%-16s %6d %8d %8d %8d\n' "$name" "$count" "$n_differ" $((t1 - t0)) \
            $(($(date +%s) - t1))
    done
    # The first of all has nothing to differ from, but it may have failed.
    bad=$(cat "$DIR/$first"/[0-9] "$DIR/$first"/[0-9][0-9] | grep -c '^exit-')
    if [ -f "$DIR/differ" ]; then
        for name; do
            awk -v name="$name" '$1 == name { s = s " " $2 }
                END { if (s != "") print name " differs from '"$first"' in runs" s }' "$DIR/differ"
        done
        echo "== one of them"
        # What a sanitizer has to say comes first: it may explain the others.
        while read -r name n; do
            if grep -q '^exit-' "$DIR/$name/$n"; then break; fi
        done <"$DIR/differ"
        # shellcheck disable=SC2046
        [ -n "$name" ] || set -- $(head -n 1 "$DIR/differ")
        show "$first" "${name:-$1}" "${n:-$2}"
        return 4
    elif [ "$bad" -ne 0 ]; then
        echo "$bad runs of $first end as no run may"
        return 4
    fi
    echo "$n_builds builds, $count runs each: the same digests everywhere" \
        "($(($(date +%s) - began)) s)"
}

what=$1
shift
case $what in
check | bless | builds | one) "$what" "$@" ;;
*) sed -n '3,11p' "$0" >&2; exit 2 ;;
esac
