# Shards are disjoint and complete.
for i in 1 2 3; do $WT sweep $HERE/pass.scn --seeds 5..24 --shard $i/3 --out $i.jsonl >/dev/null; done
cat ?.jsonl | sed -n "s/.*\"seed\":\"\([^\"]*\)\".*/\1/p" | sort | uniq -c | awk "{print \$1}" | sort | uniq -c | awk "{print \$1, \$2}"
