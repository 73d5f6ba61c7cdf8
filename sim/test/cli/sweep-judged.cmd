# SPDX-License-Identifier: MIT
# What each check judged: a table, the key of a result file, and the sweep that fails where one that
# could judge something judged nothing. One that could not is named with the reason.
run() { "$WT" "$@" 2>&1; echo "exit $?"; }
cat >quiet.scn <<'S'
wavetank 1
nodes n1..n3
campaign n1
expect leader n1 within 1s
disable invariant monotonic because "it judges too much"
S
sed '/^nodes/a\
set leases on' quiet.scn >leases.scn
run sweep quiet.scn --seeds 1..2 --out q.jsonl | awk '$1 == "check" || $1 ~ /^(self-check|election-safety|log-matching)$/ {
    print "|", $1, $2, $3, $4, $5 }'
sed -n '2s/.*"checks":\({"election-safety":{[^}]*}\).*/\1/p' q.jsonl
grep -c '"checks":.*"lease-exclusivity"' q.jsonl
some() { sed -n "/^check '/{/'\(monotonic\|leader-append-only\|lease-exclusivity\|linearizable\)'/p;d;};/^digest\|events in/d;p"; }
run sweep quiet.scn --seeds 1..2 --require-judged -q | some
run sweep leases.scn --seeds 1..2 --require-judged -q | some
run sweep quiet.scn --seeds 1..2 --out q.jsonl --resume --require-judged | some |
    grep -c "judged nothing"
