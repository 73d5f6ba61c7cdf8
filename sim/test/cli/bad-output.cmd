# Two forms of one output, a value where none belongs, too short a time, and what cannot be written: said before anything runs.
$WT run $HERE/pass.scn --json --tap; echo $?
$WT run $HERE/pass.scn --json=3; echo $?
$WT sweep $HERE/pass.scn --seeds 1..3 --seed-timeout 10us; echo $?
$WT run $HERE/pass.scn --junit nowhere/report.xml; echo $?
$WT trace $HERE/pass.scn -o nowhere/trace; echo $?
$WT replay $HERE/pass.scn --seed 1 --save-tape nowhere/tape; echo $?
