# A torn last line is dropped; what is there is not run again; the sums are those of the whole.
$WT sweep $HERE/storm.scn --seeds 1..30 >all
$WT sweep $HERE/storm.scn --seeds 1..12 --out r.jsonl >/dev/null
printf "{\"scenario\":\"to" >>r.jsonl
$WT sweep $HERE/storm.scn --seeds 1..30 --out r.jsonl --resume >resumed
grep "digest of" all >a; grep "digest of" resumed >b; cmp a b && echo same
grep -c "\"seed\":" r.jsonl
tail -n 1 resumed
grep -o "[0-9]* runs were in the file already" resumed
