$WT sweep $HERE/variants.scn $HERE/pass.scn --seeds 1..10 --jobs 2 2>/dev/null
