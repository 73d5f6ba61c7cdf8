# --time leaves runs out as it was told to: that alone is no failure.
$WT sweep $HERE/storm.scn --seeds 1..1000000000 --time 50ms >o; echo $?
grep -c 'stopped early after [0-9]* of 1000000000 runs: --time is over' o; tail -n 1 o | grep -c ' 0 failed'
