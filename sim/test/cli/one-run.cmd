# Commands of one run say what to name where there are more.
cp $HERE/pass.scn $HERE/variants.scn .; mkdir d; cp $HERE/fail.scn d
$WT replay . --seed 1; echo $?
$WT trace pass.scn variants.scn; echo $?
$WT trace variants.scn; $WT diff . --seed 1 --seed 2; $WT diff variants.scn --seed 1 --seed 2
$WT replay d --seed 1 | tail -n 1
