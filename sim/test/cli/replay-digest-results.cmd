# --digest of a result file: the run is looked up there, with its settings and the revision that made it.
$WT sweep $HERE/pass.scn --seeds 1..3 --out r.jsonl >/dev/null
$WT sweep $HERE/pass.scn --seeds 2..2 --set heartbeat=20ms --out s.jsonl >/dev/null; cat s.jsonl >>r.jsonl
for s in 1 3; do $WT replay $HERE/pass.scn --seed $s --digest r.jsonl; done
$WT replay $HERE/pass.scn --seed 2 --set heartbeat=20ms --digest r.jsonl; echo $?
sed -e 's/"revision":"[^"]*"/"revision":"v0.9"/' -e 's/"digest":"........./"digest":"000000000/' r.jsonl >old.jsonl
$WT replay $HERE/pass.scn --seed 2 --digest old.jsonl; echo $?
# What is not there, and what is no result file.
$WT replay $HERE/pass.scn --seed 4 --digest r.jsonl; echo $?
$WT replay $HERE/pass.scn --seed 1 --calm --digest r.jsonl; echo $?
$WT replay $HERE/pass.scn --seed 1 --digest $HERE/pass.scn; echo $?
$WT replay $HERE/pass.scn --seed 1 --digest 123; echo $?
$WT replay $HERE/pass.scn --seed 1 --digest 00000000000000000000000000000000@; echo $?
$WT replay --tape r.jsonl --digest r.jsonl; echo $?
