$WT run $HERE/pass.scn >first
digest=$(sed "s/.*digest=\([0-9a-f]*\).*/\1/" first)
$WT replay $HERE/pass.scn --seed 1 --digest $digest
$WT replay $HERE/pass.scn --seed 2 --digest $digest | sed "s/expected digest .*/expected digest D/"
$WT replay $HERE/pass.scn --seed 2 --digest $digest >/dev/null
