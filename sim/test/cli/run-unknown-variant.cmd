$WT run $HERE/variants.scn --variant prevote=oof
