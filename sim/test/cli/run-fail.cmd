$WT run $HERE/fail.scn | grep -v "^      *[0-9]"
$WT run $HERE/fail.scn >/dev/null
