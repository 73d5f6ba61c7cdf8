$WT sweep $HERE/pass.scn
