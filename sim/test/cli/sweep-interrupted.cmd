# The first ^C finishes what runs and prints the summary; the second ends it at once.
lines() { [ -f r.jsonl ] && [ "$(wc -l <r.jsonl)" -ge "$1" ]; }
$WT sweep $HERE/storm.scn --seeds 1..1000000 --out r.jsonl >o &
until lines 4; do sleep 0.05; done
kill -TERM $!; wait $!; echo $?
grep -c "stopped early.*interrupted" o
rm r.jsonl
$WT sweep $HERE/long.scn --seeds 1..1000000 --seed-timeout 1m --out r.jsonl >o 2>&1 &
until lines 1; do sleep 0.05; done
while kill -TERM $! 2>/dev/null; do sleep 0.1; done
wait $!
