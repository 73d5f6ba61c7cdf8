mkdir -p d/e; cp $HERE/pass.scn d/b.scn; cp $HERE/pass.scn d/e/a.scn; cp $HERE/pass.scn d/.hidden.scn; $WT run d
