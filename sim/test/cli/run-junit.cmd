$WT run $HERE/pass.scn $HERE/fail.scn --junit report.xml >/dev/null; echo $?; grep -v "^      *[0-9]" report.xml
