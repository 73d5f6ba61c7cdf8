$WT run $HERE/pass.scn $HERE/fail.scn --junit report.xml >/dev/null; echo $?; grep -v -e "^    # " -e "^    &gt;" -e "^    [> ]  *[0-9]" report.xml
