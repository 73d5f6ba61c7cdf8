# A file that was not written by this sweep is not gone on with.
$WT sweep $HERE/pass.scn --seeds 1..2 --jobs 1 --out r.jsonl >/dev/null
try() { $WT sweep $HERE/pass.scn --seeds 1..4 --resume "$@" >o; echo $?; }
try --out r.jsonl --set prevote=off
try --out r.jsonl --calm
try --out r.jsonl --until 1s
sed 's/"revision":"[^"]*"/"revision":"v0.9"/' r.jsonl >old; try --out old
sed 's/"draws":[0-9]*/"draws":0/' r.jsonl >old; try --out old
sed 's/"wavetank":1/"wavetank":2/' r.jsonl >old; try --out old
sed 1d r.jsonl >headless; try --out headless
cp $HERE/pass.scn some.scn; try --out some.scn; cmp $HERE/pass.scn some.scn && echo untouched
try --out .
sed 's/\("seed":"0x2".*"digest":"\)......../\100000000/' r.jsonl | sed -n 3p | cat r.jsonl - >two; try --out two
# The scenario has another text than it had.
cp $HERE/pass.scn p.scn; $WT sweep p.scn --seeds 1..2 --out p.jsonl >/dev/null; echo "# one more line" >>p.scn
$WT sweep p.scn --seeds 1..4 --out p.jsonl --resume; echo $?
# Further seeds and scenarios are no other sweep.
$WT sweep $HERE/pass.scn $HERE/storm.scn --seeds 2..4 --out r.jsonl --resume | tail -n 1
$WT sweep $HERE/pass.scn $HERE/storm.scn --seeds 1..4 --out r.jsonl --resume | grep -o '[0-9]* runs were in .*'
# Each time a line says what was asked for: the runs below it are of that.
grep -o '"scenarios.*shard' r.jsonl | sed "s|$HERE/||g"
