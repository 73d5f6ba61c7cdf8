$WT sweep $HERE/pass.scn --seeds 1..5 --jobs 1 --json 2>/dev/null
