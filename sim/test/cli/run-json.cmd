$WT run $HERE/pass.scn $HERE/fail.scn --json 2>/dev/null
