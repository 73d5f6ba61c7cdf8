# What is no result file, of another version, torn, or a directory; where nothing can be drawn to.
$WT sweep $HERE/storm.scn --seeds 1..4 --out r >/dev/null
$WT plot $HERE/storm.scn -o o; echo $?
$WT trace $HERE/pass.scn --to jsonl -o t 2>/dev/null; $WT plot t -o o; echo $?
sed '1s/"wavetank":1/"wavetank":2/' r >s; $WT plot s -o o; echo $?
$WT plot . -o o; echo $?
(sed '3s/:/;/' r; head -c 40 r) >s; $WT plot s -o o >out; echo $?; grep -c "3 runs" out
sed -n 1p r >s; $WT plot s -o o; echo $?
: >file; $WT plot r -o file/o; echo $?
$WT plot r -o file; echo $?
