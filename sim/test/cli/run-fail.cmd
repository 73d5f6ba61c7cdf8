$WT run $HERE/fail.scn | grep -v -e "^    # " -e "^    [> ]  *[0-9]"
$WT run $HERE/fail.scn >/dev/null
