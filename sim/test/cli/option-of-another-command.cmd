$WT run $HERE/pass.scn --shard 1/2
