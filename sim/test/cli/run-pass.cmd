$WT run $HERE/pass.scn
