#!/bin/sh
# SPDX-License-Identifier: MIT
# Golden tests of the command line: NAME.cmd is a shell script, NAME.out what it prints to stdout,
# NAME.err to stderr (absent: nothing), and NAME.exit how it ends (absent: 0). It runs in an empty
# directory, with $WT the program and $HERE this directory.
#
#     run.sh [--bless] [NAME...]      --bless writes what it saw: read the diff before you commit it
#
# What changes with every revision is replaced before comparing: digests, counts of events,
# simulated times, the version, wall-clock times. What each check judged is left out.
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$HERE/../../.." && pwd)
case ${O:-build} in /*) WT=${O:-build}/wavetank ;; *) WT=$top/${O:-build}/wavetank ;; esac
export HERE WT
revision=$($WT --version | sed -n '1s/^wavetank //p')
unset NO_COLOR
bless=
[ "${1:-}" = --bless ] && { bless=1; shift; }
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

plain() {
    sed -e "s|$HERE/||g" -e "s|$WT|wavetank|g" \
        -e 's/digest=[0-9a-f]\{32\}/digest=DIGEST/g' \
        -e 's/"digest":"[0-9a-f]\{32\}"/"digest":"DIGEST"/g' \
        -e 's/digest of all runs: [0-9a-f]\{32\}/digest of all runs: DIGEST/' \
        -e 's/time=[0-9.]*s/time=T/g' -e 's/events=[0-9]*/events=N/g' \
        -e 's/"simulated_ns":[0-9]*/"simulated_ns":N/g' -e 's/"events":[0-9]*/"events":N/g' \
        -e 's/time="[0-9.]*"/time="T"/g' -e 's/FAILED at [0-9.]*s/FAILED at T/' \
        -e 's/(at [0-9.]*s of/(at T of/' \
        -e 's/ by [0-9.]*s$/ by T/' \
        -e 's/ by [0-9.]*s"/ by T"/' \
        -e 's/^[0-9]* events in .*/N events in T/' \
        -e 's/^median of \([0-9]*\) runs:.*/median of \1 runs: .../' \
        -e '/^check  *runs  *excused  *judged$/d' \
        -e '/^  [a-z-]*  *[0-9]*  *[0-9]*  *[0-9]*\(   never\)\{0,1\}$/d' \
        -e 's/"checks":{[^}]*}\(,[^}]*}\)*}/"checks":{...}/' \
        -e 's/^events of a run: .*/events of a run: .../' \
        -e 's/^wavetank [0-9a-f]\{7,\}.*/wavetank REVISION/' \
        -e 's/"revision":"[^"]*","compiler":"[^"]*"/"revision":"R","compiler":"C"/' \
        -e 's/^compiler .*/compiler COMPILER/' \
        -e "s/$revision/REVISION/g" -e 's/^\(  [a-z]*  *\)[0-9a-f]\{32\}/\1DIGEST/'
}

# differs WHAT WANTED SEEN: shows how.
differs() {
    diff -u "$2" "$3" >"$work/diff" && return 1
    echo "$name: $1 differs"
    cat "$work/diff"
}

one() {
    name=$1
    rm -rf "$work/in" && mkdir "$work/in"
    (cd "$work/in" && sh "$HERE/$name.cmd") >"$work/raw.out" 2>"$work/raw.err" </dev/null
    code=$?
    plain <"$work/raw.out" >"$work/out"
    plain <"$work/raw.err" >"$work/err"
    if [ -n "$bless" ]; then
        cp "$work/out" "$HERE/$name.out"
        rm -f "$HERE/$name.err" "$HERE/$name.exit"
        if [ -s "$work/err" ]; then cp "$work/err" "$HERE/$name.err"; fi
        if [ $code -ne 0 ]; then echo $code >"$HERE/$name.exit"; fi
        return 0
    fi
    expected=0
    [ -f "$HERE/$name.exit" ] && expected=$(cat "$HERE/$name.exit")
    err=$HERE/$name.err
    [ -f "$err" ] || err=/dev/null
    bad=
    [ $code -eq "$expected" ] || { echo "$name: exit $code, expected $expected"; bad=1; }
    differs stdout "$HERE/$name.out" "$work/out" && bad=1
    differs stderr "$err" "$work/err" && bad=1
    [ -z "$bad" ]
}

if [ $# -eq 0 ]; then
    for cmd in "$HERE"/*.cmd; do
        set -- "$@" "$(basename "$cmd" .cmd)"
    done
fi
for name; do
    if one "$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
