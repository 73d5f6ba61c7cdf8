$WT run $HERE/variants.scn | grep -v "^      *[0-9]"
