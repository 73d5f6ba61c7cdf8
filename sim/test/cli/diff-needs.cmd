$WT diff a; echo $?
$WT diff a b --seed 1; echo $?
$WT diff $HERE/pass.scn --seed 1; echo $?
$WT diff $HERE/variants.scn --seed 1 --seed 2; echo $?
$WT diff $HERE/pass.scn --seed 1 --seed 2 --seed 3; echo $?
$WT diff $HERE/pass.scn --seed 1 --seed 99999999999999999999; echo $?
$WT diff $HERE/broken.scn --seed 1 --seed 2 2>&1 | wc -l
