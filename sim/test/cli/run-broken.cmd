$WT run $HERE/broken.scn $HERE/pass.scn
