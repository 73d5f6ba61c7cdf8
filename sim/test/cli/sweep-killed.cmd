# A worker that dies (here: of its limit of processor time) costs its seed a verdict, and the sweep goes on.
ulimit -S -t 1
$WT sweep $HERE/long.scn $HERE/pass.scn --seeds 1..1 --jobs 1 --seed-timeout 1m >o 2>/dev/null
code=$?
grep -E "^error|died|passed" o
exit $code
