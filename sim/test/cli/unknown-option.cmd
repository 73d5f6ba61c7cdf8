$WT run $HERE/pass.scn --sede 3
