# What is no trace, or a broken one, is said with its line; so is a file that cannot be read.
$WT trace $HERE/pass.scn --seed 7 --to jsonl -o a 2>/dev/null
sed '20s/$/,/' a >b; $WT diff a b; echo $?
sed '20s/.*/{"at":1}/' a >b; $WT diff b a; echo $?
head -c $(($(head -n 30 a | wc -c) - 9)) a >b; $WT diff a b; echo $?
$WT trace $HERE/pass.scn --seed 7 --to text -o b 2>/dev/null; $WT diff a b; echo $?
$WT sweep $HERE/pass.scn --seeds 1..1 --out r >/dev/null; $WT diff a r; echo $?
: >b; $WT diff a b; echo $?
printf '{"at":1,"kind":"x\0y"}\n' >b; $WT diff a b; echo $?
$WT diff a nowhere; echo $?
$WT diff . a; echo $?
