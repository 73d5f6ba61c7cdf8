#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Draws defects that nobody thought of: mechanical operators (fuzz/operators.awk) over core/.
#
#   fuzz/operators.sh list              every site: file, line, column, operator, the line it makes
#   fuzz/operators.sh draw N SEED DIR   N of them by the seed, as
#                                       DIR/O01-<file>-<line>-<operator>.diff
#
# All sites of core/*.c are put in an order that follows from SEED alone, and the first N that count
# are written. Put aside, and told of on stderr, are those that do not compile without a warning,
# those whose object file is that of the sound source (asserts out), and those that stand in
# fuzz/operators.aside with the reason: equivalent, or a mutant already (FILE OPERATOR COLUMN | the
# line | why). Files whose code has no part in what a node does have no sites: the self-check, the
# hash, names and views.
#
# A diff that is written lacks what only a reader can say: what it breaks, what exposes it, its
# kind. CC comes from make.
set -u
cd "$(dirname "$0")/.." || exit 99
CC=${CC:-cc}
export LC_ALL=C
flags="-std=c11 -O2 -DNDEBUG -Wall -Wextra -Wconversion -Werror -Wno-unused -c"

sites() {
    for file in core/*.c; do
        case $file in core/check.c | core/hash.c | core/names.c | core/view.c) continue ;; esac
        echo "$file"
    done | xargs awk -f fuzz/operators.awk
}

# The sites in the order of the seed: minimal standard generator of Park and Miller, Fisher-Yates.
shuffled() {
    sites | awk -v x="$1" '
        { line[NR] = $0 }
        END {
            for (i = NR; i > 1; i--) {
                x = 16807 * x % 2147483647
                j = 1 + x % i
                keep = line[i]; line[i] = line[j]; line[j] = keep
            }
            for (i = 1; i <= NR; i++) print line[i]
        }'
}

# $1 with line $2 replaced by $3, on stdout.
replaced() { TEXT=$3 awk -v at="$2" 'NR == at { $0 = ENVIRON["TEXT"] } { print }' "$1"; }

# shellcheck disable=SC2086
draw() {
    wanted=$1 seed=$2 dir=$3 written=0 drawn=0
    tmp=$(mktemp -d) || exit 99
    trap 'rm -rf "$tmp"' EXIT
    mkdir -p "$dir" "$tmp/core"
    cp core/*.[ch] core/*.def "$tmp/core/"
    tab=$(printf '\t')
    shuffled "$seed" >"$tmp/order"
    while [ "$written" -lt "$wanted" ] && IFS=$tab read -r file line column operator text; do
        drawn=$((drawn + 1))
        site=$file:$line:$column:$operator
        # read takes leading tabs for one separator, but never leading blanks of the last field
        replaced "$file" "$line" "$text" >"$tmp/$file"
        sound=$tmp/${file##*/}.o
        # In the same place under the same name, lest the object file tell them apart.
        if [ ! -f "$sound" ]; then
            cp "$file" "$tmp/core/now.c"
            (cd "$tmp/core" && $CC $flags -o "$sound" now.c) || exit 99
        fi
        cp "$tmp/$file" "$tmp/core/now.c"
        known="$file $operator $column | $(sed -n "$line{s/^ *//;p;}" "$file") | "
        if grep -qF "$known" fuzz/operators.aside; then
            echo "$drawn $site: put aside" >&2
        elif ! (cd "$tmp/core" && $CC $flags -o ../now.o now.c) 2>/dev/null; then
            echo "$drawn $site: does not compile" >&2
        elif cmp -s "$tmp/now.o" "$sound"; then
            echo "$drawn $site: same object" >&2
        else
            written=$((written + 1))
            name=$(basename "$file" .c)-$line-$operator
            out=$dir/O$(printf %02d "$written")-$name.diff
            {
                echo "# SPDX-License-Identifier: MIT"
                echo "# source: operator $operator at $site, draw $drawn of seed $seed"
                echo "diff --git a/$file b/$file"
                diff -U3 "$file" "$tmp/$file" | sed "1s,.*,--- a/$file,; 2s,.*,+++ b/$file,"
            } >"$out"
            echo "$drawn $site: ${out##*/}" >&2
        fi
        cp "$file" "$tmp/$file"
    done <"$tmp/order"
}

case ${1:-} in
list) sites ;;
draw) draw "$2" "$3" "$4" ;;
*) sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
