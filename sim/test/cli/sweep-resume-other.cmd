$WT sweep $HERE/pass.scn --seeds 1..2 --out r.jsonl >/dev/null
$WT sweep $HERE/pass.scn --seeds 1..4 --out r.jsonl --resume --set prevote=off
$WT sweep $HERE/pass.scn --seeds 1..4 --out r.jsonl --resume --calm
