s="$WT sweep $HERE/recovers.scn -q"
$s --seeds 1..40 --out old.jsonl
$s --seeds 1..41 --against old.jsonl; echo $?
$s --seeds 1..39 --against old.jsonl; echo $?
$s --seeds 1..40 --shard 1/2 --against old.jsonl; echo $?
$WT sweep $HERE/storm.scn -q --seeds 1..40 --against old.jsonl; echo $?
$WT sweep $HERE/recovers.scn $HERE/pass.scn -q --seeds 1..40 --against old.jsonl; echo $?
$s --seeds 1..40 --set prevote=off --against old.jsonl; echo $?
$s --seeds 1..40 --calm --against old.jsonl; echo $?
$s --seeds 1..10 --out few.jsonl
$s --seeds 1..10 --against few.jsonl; echo $?
sed 's/"text":"[0-9a-f]*"/"text":"0123456789abcdef"/' old.jsonl >changed.jsonl
$s --seeds 1..40 --against changed.jsonl; echo $?
sed 's/"sent":[0-9]*,//' old.jsonl >ancient.jsonl
$s --seeds 1..40 --against ancient.jsonl; echo $?
sed '2,$s/"digest":"[0-9a-f]*"/"digest":"0123456789abcdef0123456789abcdef"/' old.jsonl | cat old.jsonl - >two.jsonl
$s --seeds 1..40 --against two.jsonl 2>&1 | sed 's/seed 0x[0-9a-f]*/seed S/'
cat old.jsonl old.jsonl >twice.jsonl
$s --seeds 1..40 --against twice.jsonl | grep -c equal
$s --seeds 1..40 --against nothing.jsonl; echo $?
$s --seeds 1..40 --against $HERE/recovers.scn; echo $?
$s --seeds 1..40 --against /dev/null; echo $?
echo '{"hello":1}' | $s --seeds 1..40 --against /dev/stdin; echo $?
head -c 40 old.jsonl >torn.jsonl
$s --seeds 1..40 --against torn.jsonl; echo $?
sed 1d old.jsonl | head -n 40 >headless.jsonl
$s --seeds 1..41 --against headless.jsonl; echo $?
$s --seeds 1..40 --fail-on-worse; echo $?
# What ended early is not compared, and cannot have passed.
$s --seeds 1..40 --against old.jsonl --max-failures 1 --time 1ms --fail-on-worse | grep compared; echo $?
sed '3,20s/"verdict":"pass"/"verdict":"inconclusive"/' old.jsonl >cut.jsonl
$s --seeds 1..40 --against cut.jsonl; echo $?
$s --seeds 1..40 --against cut.jsonl --fail-on-worse; echo $?
sed '3,9s/"verdict":"pass"/"verdict":"inconclusive"/' old.jsonl >cut.jsonl
$s --seeds 1..40 --against cut.jsonl | tail -3
