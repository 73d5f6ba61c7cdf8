$WT run $HERE/pass.scn --seed hello
