# Runs of other settings, variants, revisions and scenarios are other curves, told apart by what differs.
sum() { $WT plot "$@" -o o >out 2>err; echo "$?: $(cat err)"; [ -d o ] || return 0; sed -n 's/^commit  *//p' o/summary.txt | sed 's/  .*//'; grep '^# scenario' o/commit.dat; rm -rf o; }
for d in 1ms 20ms; do $WT sweep $HERE/storm.scn --seeds 1..2 --set disk-latency=$d --out $d >/dev/null 2>&1; done
$WT sweep $HERE/storm.scn --seeds 1..2 --calm --out calm >/dev/null 2>&1
sum 1ms 20ms
sum 1ms calm
sed '1s/"revision":"[^"]*"/"revision":"v0.9"/' 1ms >old; sum old 1ms | sed 's/, revision.*, seeds/, revision R, seeds/'
printf 'wavetank 1\nscenario "two ways"\nnodes n1..n3\nmatrix prevote off on\ncampaign n1\nclient c1 write x 1 -> ok\nwait 1s\n' >two.scn
$WT sweep two.scn --seeds 1..3 --jobs 1 --out two >/dev/null 2>&1; sum two
sum two 1ms 20ms
echo "-- shards are one curve, and a file's own head does not hold for the next"
for i in 1 2; do $WT sweep two.scn --seeds 1..4 --shard $i/2 --out s$i >/dev/null 2>&1; done; sum s1 s2
sed 1d s1 >headless; sum s2 headless
echo "-- the same file with another text, by the same program"
printf 'wait 1s\n' >>two.scn; $WT sweep two.scn --seeds 7..8 --out longer >/dev/null 2>&1; sum two longer
echo "-- one seed"
sum two --seed 2; sum two --seed 9
echo "-- two digests"
sed 's/"digest":"......../"digest":"00000000/' two >broken; sum two broken
