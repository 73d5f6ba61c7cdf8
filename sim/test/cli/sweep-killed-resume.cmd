# Killed outright, a sweep leaves whole lines, or a torn last one; --resume gives the sums of a sweep that was not killed.
lines() { [ -f r.jsonl ] && [ "$(wc -l <r.jsonl)" -ge "$1" ]; }
$WT sweep $HERE/storm.scn --seeds 1..400 >all
$WT sweep $HERE/storm.scn --seeds 1..400 --jobs 2 --out r.jsonl >/dev/null 2>&1 &
until lines 5; do sleep 0.01; done
kill -KILL $!; wait $! 2>/dev/null; echo $?
sed '$d' r.jsonl | grep -vc '^{.*}$'
kept=$(grep -c '"seed":.*}$' r.jsonl)
[ "$kept" -ge 4 ] && echo kept
$WT sweep $HERE/storm.scn --seeds 1..400 --out r.jsonl --resume >o 2>/dev/null; echo $?
for f in all o; do grep -v -e "^[0-9]* events in" $f >$f.told; done; cmp all.told o.told && echo same sums
[ "$(sed -n 's/.*; \([0-9]*\) runs were in the file already/\1/p' o)" -eq "$kept" ] && echo went on
[ "$(sed -n 's/.*"seed":"\([^"]*\)".*/\1/p' r.jsonl | sort | uniq -d | wc -l)" -eq 0 ] && echo none twice
