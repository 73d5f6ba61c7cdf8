$WT sweep $HERE/pass.scn --seeds 1..3 --jobs 1 --out /dev/full
