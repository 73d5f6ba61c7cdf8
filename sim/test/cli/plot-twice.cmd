# A run counts once, however often its line is met.
$WT sweep $HERE/storm.scn --seeds 1..4 --jobs 1 --out a >/dev/null
$WT sweep $HERE/storm.scn --seeds 3..6 --out b >/dev/null
$WT plot a -o one 2>/dev/null >/dev/null; $WT plot a a -o two 2>&1 >/dev/null | grep note; for f in one two; do sed '/^#/d' $f/summary.txt >$f.txt; done; cmp one.txt two.txt && echo same
$WT plot a b -o o 2>&1 >/dev/null | grep note
# Another revision, or other settings, make another run; two digests of one run make no figure.
sed 's/"revision":"[^"]*"/"revision":"v0.9"/' a >old; $WT plot a old -o o 2>&1 >/dev/null | grep -c note
$WT sweep $HERE/storm.scn --seeds 1..4 --calm --out calm >/dev/null; $WT plot a calm -o o 2>&1 >/dev/null | grep -c note
sed 's/"digest":"......../"digest":"00000000/' a >broken; $WT plot a broken -o o; echo $?
