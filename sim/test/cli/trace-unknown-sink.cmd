$WT trace $HERE/pass.scn --to jsnol
