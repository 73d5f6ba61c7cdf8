# An unchanged core gives equal totals; what is compared with what, and how.
$WT sweep $HERE/recovers.scn --seeds 1..40 --out old.jsonl -q
$WT sweep $HERE/recovers.scn --seeds 1..40 --against old.jsonl --fail-on-worse -q | sed 's/ [0-9][0-9.ms]* / N /g'
echo "exit $?"
# A core that got slower: the disks are, in fact. The settings are made to look alike.
$WT sweep $HERE/recovers.scn --seeds 1..40 --set disk-latency=20ms..30ms --out slow.jsonl -q
sed 's/"settings":"[^"]*"/"settings":""/' slow.jsonl > slower.jsonl
$WT sweep $HERE/recovers.scn --seeds 1..40 --against slower.jsonl -q >better; echo "exit $?"; grep -c better better
sed 's/"settings":""/"settings":"disk-latency=20ms..30ms"/' old.jsonl > older.jsonl
$WT sweep $HERE/recovers.scn --seeds 1..40 --set disk-latency=20ms..30ms --against older.jsonl -q >worse; echo "exit $?"
$WT sweep $HERE/recovers.scn --seeds 1..40 --set disk-latency=20ms..30ms --against older.jsonl --fail-on-worse -q >worse; echo "exit $?"; grep 'commits\|commit latency\|time to' worse | sed 's/ [0-9][0-9.ms]* / N /g; s/[+-][0-9.]* %/CHANGE/'
# What went before need not be run again, and a file may be replaced by what is compared with it.
$WT sweep $HERE/recovers.scn --seeds 1..30 --out new.jsonl -q
$WT sweep $HERE/recovers.scn --seeds 1..40 --out new.jsonl --resume --against old.jsonl -q | grep -c equal
$WT sweep $HERE/recovers.scn --seeds 1..40 --out old.jsonl --force --against old.jsonl -q | grep -c equal
