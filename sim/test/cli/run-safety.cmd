$WT run $HERE/unsafe.scn | grep -v "^      *[0-9]"
