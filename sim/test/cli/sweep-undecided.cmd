# Who could not recover by construction, and who came to no verdict: with reasons, and their share of the runs of three voters and more.
cp $HERE/unable.scn $HERE/recovers.scn .
sed 's/n1..n3/n1..n2/' unable.scn >two.scn
$WT sweep unable.scn recovers.scn two.scn --seeds 1..5 --out u.jsonl | grep -E '^(unable|inconclusive)'
$WT sweep recovers.scn --seeds 1..3 --until 1ms --out i.jsonl | grep -E '^(unable|inconclusive)'
cat u.jsonl i.jsonl >both.jsonl
$WT report both.jsonl | grep -E '^(unable|inconclusive)'
grep '"scenario":"unable.scn".*"seed":"0x1"' u.jsonl | grep -o '"detail":"[^"]*"\|"unable":"[^"]*"\|"voters":[0-9]*'
