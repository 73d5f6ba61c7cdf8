$WT replay $HERE/variants.scn --seed 1
