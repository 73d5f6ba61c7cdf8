$WT sweep $HERE/pass.scn --seeds 9..3
