# A violation names the rule, the two records that disagree, the end of the trace and the replay line. (What each says is for others to test.)
$WT run $HERE/unsafe.scn >o; code=$?
grep -v "^      *[0-9]" o | sed -e '/seed=/!s/:.*//' -e 's/record [0-9]*/record N/' -e '/^    [^r]/d' -e 's/FAIL [a-z-]*/FAIL CHECK/' -e 's/broken: .*/broken:/' | uniq
[ "$(grep -c '^      *[0-9]' o)" -eq 20 ] && echo twenty lines
exit $code
