$WT run $HERE/pass.scn $HERE/fail.scn --tap | grep -v "^#  "
