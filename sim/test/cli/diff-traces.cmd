# The first record that differs, what both have before it, and what differs in it; or which of the two ends.
$WT trace $HERE/storm.scn --seed 7 --to jsonl -o a 2>/dev/null
$WT diff a a | sed 's/[0-9][0-9]* records/N records/'; echo $?
at=$(grep -n '"kind":"apply"' a | sed -n '3s/:.*//p')
sed "${at}s/\"node\":\([0-9]*\),/\"node\":9,/" a >b
$WT diff a b >o; echo $?
head -n 2 o; sed -n 's/in record [0-9]*/in record N/p' o; grep -c '^  *[0-9]* .*s  ' o; sed -n 's/^\([AB]\)  *[0-9]*  *[0-9.]*s  n[0-9]* applies.*/\1 applies/p; s/A vs B: node [1-5] vs 9$/node differs/p' o
[ "$(sed -n 's/^A  *\([0-9]*\) .*/\1/p' o)" -eq $((at - 1)) ] && echo "its ordinal is its line less the first"
head -n 40 a >c; $WT diff a c | sed -n '3p;$p'; $WT diff c a | sed -n '3p;9p'; $WT diff c a >/dev/null; echo $?
