$WT sweep $HERE/variants.scn --seeds 1..100 --jobs 1 --max-failures 3 2>/dev/null | tail -n 2
