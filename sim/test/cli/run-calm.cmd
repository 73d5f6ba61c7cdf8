$WT run $HERE/variants.scn --variant prevote=off --calm
