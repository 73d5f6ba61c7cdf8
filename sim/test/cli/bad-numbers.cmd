# Ranges, shards and counts that make no sense: each with what would.
for seeds in 9..1 5.. ..5 .. x+0 x+ +5 x 1..x 1..99999999999999999999 0..0xffffffffffffffff 1..2..3 -1..2 1...3 "" " 1..2"; do
    $WT sweep $HERE/pass.scn --seeds "$seeds"; [ $? -eq 2 ] || echo "$seeds: $?"
done
for shard in 0/3 4/3 1 1/ /3 1/0 1/3/5 a/b -1/3 99999999999999999999/99999999999999999999; do
    $WT sweep $HERE/pass.scn --seeds 1..3 --shard $shard; [ $? -eq 2 ] || echo "$shard: $?"
done
for n in 0 -1 x 1025 1.5 ""; do $WT sweep $HERE/pass.scn --seeds 1..3 --jobs "$n"; [ $? -eq 2 ] || echo "jobs $n: $?"; done
for t in 0 0s 10 x -1s 99999999999999999999s 1.s ""; do
    $WT sweep $HERE/pass.scn --seeds 1..3 --time "$t"; [ $? -eq 2 ] || echo "time $t: $?"
done
for s in "" 0x 18446744073709551616; do $WT run $HERE/pass.scn --seed "$s" | cut -d ' ' -f 1,2; done
$WT run $HERE/pass.scn --until never; $WT run $HERE/pass.scn --until 0s; $WT sweep $HERE/pass.scn --seeds 1..3 --max-failures 0
$WT sweep $HERE/pass.scn $HERE/storm.scn --seeds 0..18446744073709551614; echo $?
