$WT run $HERE/pass.scn >/dev/full
