$WT trace $HERE/pass.scn --seed 1 --to text -o f && wc -l <f | grep -q "[0-9][0-9]" && echo lines
$WT trace $HERE/pass.scn --seed 1 2>/dev/null | cmp - f && echo same
