$WT run $HERE/variants.scn | grep -v -e "^    # " -e "^    [> ]  *[0-9]"
