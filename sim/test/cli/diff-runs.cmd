# Two seeds, or two variants, of one scenario.
$WT diff $HERE/pass.scn --seed 1 --seed 0x1 | sed 's/[0-9][0-9]* records/N records/'
$WT diff $HERE/pass.scn --seed 1 --seed 2 >o; echo $?; head -n 2 o; grep -c '^[AB]  ' o; grep -c 'A vs B: ' o
$WT diff $HERE/variants.scn --seed 3 --variant prevote=on --variant prevote=off >o; echo $?; head -n 2 o
$WT diff $HERE/variants.scn --variant prevote=on --seed 1 --seed 2 | head -n 2
# It is the difference that the two traces have.
for s in 1 2; do $WT trace $HERE/storm.scn --seed $s --to jsonl -o $s 2>/dev/null; done
$WT diff 1 2 2>/dev/null | sed 1,2d >a; $WT diff $HERE/storm.scn --seed 1 --seed 2 | sed 1,2d >b; cmp a b && echo same
# One run is the beginning of the other.
printf 'wavetank 1\nscenario "t"\nnodes n1..n3\nexpect exactly-one leader within 2s\nbranch short\nbranch long\n  wait 1s\nend\n' >b.scn
for v in "short --variant long" "long --variant short"; do $WT diff b.scn --variant $v | sed -n '3s/after [0-9]*/after N/p; s/^\([AB]\)  *[0-9]*  has ended/\1 has ended/p'; done
