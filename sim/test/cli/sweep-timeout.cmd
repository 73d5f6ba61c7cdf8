# A run that takes too long costs its seed a verdict, and the sweep goes on.
$WT sweep $HERE/long.scn --seeds 1..2 --jobs 1 --seed-timeout 50ms 2>/dev/null
