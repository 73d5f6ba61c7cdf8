$WT run $HERE/pass.scn --set prevote=off --set nonsense=1
