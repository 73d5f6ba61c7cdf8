# A reader that has gone: sweep stops early and says so, keeping what it has; the others end as any filter does.
{ $WT sweep $HERE/storm.scn --seeds 1..100000 --jobs 1 --json --out r.jsonl 2>e; echo $? >code; } | head -n 1 | grep -c seed
cat code; grep -c 'stopped early after [0-9]* of 100000 runs: nobody reads standard output' e; tail -n 1 e
[ "$(grep -c '"seed"' r.jsonl)" -ge 1 ] && echo kept
$WT trace $HERE/storm.scn --seed 1 2>e | head -n 2 | grep -c '^# columns'; cat e
