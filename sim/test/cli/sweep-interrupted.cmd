# The first ^C finishes what runs and prints the summary; the second ends it at once.
lines() { [ -f r.jsonl ] && [ "$(wc -l <r.jsonl)" -ge "$1" ]; }
$WT sweep $HERE/storm.scn --seeds 1..1000000 --out r.jsonl >o &
until lines 4; do sleep 0.05; done
kill -TERM $!; wait $!; echo $?
grep -c "stopped early.*interrupted" o; grep -A 1 'stopped early' o | tail -n 1
# Sent to all of the group, as timeout does, it kills no worker.
rm r.jsonl; setsid $WT sweep $HERE/storm.scn --seeds 1..1000000 --out r.jsonl >o 2>e & until lines 4; do sleep 0.05; done
kill -TERM -$!; wait $!; grep -c signal e; tail -n 1 o | grep -o ' 0 failed'
rm r.jsonl
$WT sweep $HERE/long.scn --seeds 1..1000000 --seed-timeout 1m --out r.jsonl >o 2>&1 &
until lines 1; do sleep 0.05; done
while kill -TERM $! 2>/dev/null; do sleep 0.1; done
wait $!
