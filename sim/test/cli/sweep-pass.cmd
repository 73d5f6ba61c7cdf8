$WT sweep $HERE/pass.scn --seeds 1..20
