$WT sweep $HERE/pass.scn --seeds 1..3 --shard 4/3
