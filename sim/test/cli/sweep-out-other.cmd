# --out writes results over nothing else: a scenario that was named there by mistake is not lost.
cp $HERE/pass.scn some.scn; $WT sweep $HERE/pass.scn --seeds 1..2 --out some.scn; echo $?
cmp $HERE/pass.scn some.scn && echo untouched
$WT trace $HERE/pass.scn --to jsonl -o t 2>/dev/null; $WT sweep $HERE/pass.scn --seeds 1..2 --out t; echo $?
$WT sweep $HERE/pass.scn --seeds 1..2 --out .; echo $?
$WT sweep $HERE/pass.scn --seeds 1..2 --out nowhere/r.jsonl; echo $?
for seeds in 1..3 1..2; do $WT sweep $HERE/pass.scn --seeds $seeds --out r.jsonl --force >/dev/null; wc -l <r.jsonl; done
: >empty; $WT sweep $HERE/pass.scn --seeds 1..2 --out empty >/dev/null; echo $?
