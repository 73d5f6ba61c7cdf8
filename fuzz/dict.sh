#!/bin/sh
# SPDX-License-Identifier: MIT
# The scenario language as a libFuzzer dictionary, on stdout: every word of the tables, and their
# examples.
set -eu
cd "$(dirname "$0")/.."
literals=$({
    grep -hoE '"([^"\\]|\\.)*"' core/options.def sim/lang/*.def \
        sim/world/options.def sim/sut/messages.def sim/check/checks.def sim/faults/occasions.def
    sed -n 's/.*\.\(name\|example\) = \("[^"]*"\).*/\2/p' sim/faults/*.c
} | LC_ALL=C sort -u)
printf '%s\n' "$literals" | tr -cs 'a-z0-9-' '\n' | grep -E '^[a-z][a-z0-9-]+$' | LC_ALL=C sort -u |
    sed 's/.*/"&"/'
printf '%s\n' "$literals" |
    awk 'length($0) <= 60 && /^"[a-z].* .*[0-9]/ && !/[A-Z]/ { sub(/"$/, "\\x0a\""); print }'
for sign in '->' '..' '<=' '>=' '!=' '&&' ' | ' 'n1..n3' 'n1 ' 'c1 ' '$i' '10ms' '1..2s' '5%' \
    '\x0aend\x0a' '\x0a#### a\x0a'; do
    printf '"%s"\n' "$sign"
done
