# A violation names the rule, the two records that disagree, what led to them and the replay line. (What each says is for others to test.)
$WT run $HERE/unsafe.scn >o; code=$?
grep -v -e "^    # " -e "^    [> ]  *[0-9]" o | sed -e '/seed=/!s/:.*//' -e '/^    /d' -e 's/FAIL [a-z-]*/FAIL CHECK/' -e 's/broken: .*/broken:/' | uniq
echo "$(grep -c '^    > ' o) records"; [ "$(grep -c '^     *[0-9]' o)" -ge 8 ] && echo and what led to them
exit $code
