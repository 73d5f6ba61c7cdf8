# What the first lines say differently is noted, and is not the difference.
$WT trace $HERE/pass.scn --seed 7 --to jsonl -o a 2>/dev/null
sed '1s/"revision":"[^"]*"/"revision":"other"/; 1s/"records":[0-9]*/"records":0/' a >b
$WT diff a b 2>e | sed 's/[0-9][0-9]* records/N records/'; sed 's/revision "[^"]*"/revision "R"/; s/records [0-9]* vs/records N vs/' e
sed 1d a >c; $WT diff a c 2>&1 | sed 's/[0-9][0-9]* records/N records/'
# Another order of keys, blanks, another sentence: the same records.
sed '1!s/"node":\([0-9]*\),"peer":\([0-9]*\)/"peer": \2, "node": \1/; 1!s/"text":".*"/"text":"x"/' a >d; $WT diff a d | sed 's/[0-9][0-9]* records/N records/'
