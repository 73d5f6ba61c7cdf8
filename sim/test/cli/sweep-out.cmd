$WT sweep $HERE/pass.scn --seeds 1..2 --jobs 1 --out r.jsonl >/dev/null; sed "s/\"counters\".*/.../" r.jsonl
