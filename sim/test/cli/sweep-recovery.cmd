# How long a healed core took until it made progress; few samples tell no percentile beyond the greatest.
cp $HERE/recovers.scn $HERE/pass.scn .   # the width of a column is that of a path
$WT sweep recovers.scn pass.scn --seeds 1..3 --out r.jsonl | sed -n '/^from healing/,/recovers/p' | sed 's/[0-9.]*ms/T/g'
$WT sweep recovers.scn --seeds 1..120 | sed -n '/^from healing/,/recovers/p' | sed 's/[0-9.]*ms/T/g'
$WT plot r.jsonl -o d >/dev/null 2>&1; echo $?
sed -n '1p;5p' d/recovery.dat; ls d | grep recovery
