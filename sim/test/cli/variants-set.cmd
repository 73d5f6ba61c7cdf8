# --set over what a matrix varies chooses the variants that have that value, in every command, and they are the runs that
# they always are; over anything else it has the last word.
cat >s.scn <<'END'
wavetank 1
scenario "Two ways and two sizes"
nodes n1..n3
param size default 3
matrix size 3 5
matrix prevote off on
set batch 2
set max-inflight $size
campaign n1
expect leader n1 within 50ms
client c1 write x 1 at n1 -> ok
mark "$size"
END
digests() { sed -n 's/.*digest=\([0-9a-f]*\).*/\1/p' "$@"; }
try() { echo "-- $*"; "$WT" "$@" 2>&1; echo "  exit $?"; }
try run s.scn --set prevote=on
try run s.scn --set size=5 --set prevote=off
try run s.scn --set max-inflight=5 --set batch=4
try run s.scn --set size=4
try run s.scn --set max-inflight=4
try run s.scn --set prevote=maybe
try run s.scn --set size=5 --set max-inflight=3
try run s.scn --set prevote=on --variant size=5/prevote=on
try run s.scn --set prevote=on --variant size=5/prevote=off
try run s.scn --set prevote=on --variant size=5
try run s.scn --set heartbeat=150ms
try run s.scn --set election-timeout=300ms..150ms
try sweep s.scn --seeds 1..3 --set prevote=on --jobs 1 --out r.jsonl | grep -v 'events\|median'
try sweep s.scn --seeds 1..5 --set prevote=on --jobs 1 --out r.jsonl --resume | grep 'runs were in\|passed'
cut -d , -f 1-3 r.jsonl | grep -c '"prevote=on\|size=[35]/prevote=on"'
try replay s.scn --seed 3 --set prevote=on
try replay s.scn --seed 3 --set prevote=on --set size=5 --save-tape t
"$WT" trace s.scn --seed 3 --set prevote=on --set size=5 | grep mark
# chosen by a setting, by name, or by neither, and from a tape: one digest
"$WT" run s.scn --seed 3 --set prevote=on --set size=5 >a
"$WT" run s.scn --seed 3 --variant size=5/prevote=on >b
"$WT" run s.scn --seed 3 | tail -n 2 >c
"$WT" replay --tape t >d
grep '^set\|^variant' t
digests a b c d | sort -u | wc -l
