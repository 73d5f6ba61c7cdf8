# A statement that cannot be carried out is an error in the scenario, at its place: exit 2, in a sweep too.
cp "$HERE/statement-error.scn" .
$WT run statement-error.scn 2>&1
echo "exit $?"
$WT replay statement-error.scn --seed 3
echo "exit $?"
$WT sweep statement-error.scn --seeds 1..3 --jobs 1 --out r.jsonl >sweep
echo "exit $?"
grep -A 3 '^error' sweep
$WT sweep statement-error.scn --seeds 1..3 --jobs 1 --out r.jsonl --resume >/dev/null 2>&1
echo "resumed: exit $?"
