# The first ^C finishes what runs and prints the summary; the second ends it at once.
$WT sweep $HERE/storm.scn --seeds 1..1000000 >o & sleep 0.4; kill -TERM $!; wait $!; echo $?; grep -c "stopped early.*interrupted" o
$WT sweep $HERE/long.scn --seeds 1..1000000 --seed-timeout 1m >o 2>&1 & sleep 0.3; kill -TERM $!; sleep 0.2; kill -TERM $!; wait $!
