# Options twice, unknown, of no value, of too much; names that are no command.
$WT run $HERE/pass.scn --seed 1 --seed 2; echo $?
$WT run $HERE/pass.scn --set prevote=off --set reads=log --set prevote=on; echo $?
$WT run $HERE/pass.scn --set prevote; $WT run $HERE/pass.scn --set =off; $WT run $HERE/pass.scn --set prevote=maybe
$WT run $HERE/pass.scn --json --json; $WT sweep $HERE/pass.scn --seed 1..3; $WT sweep $HERE/pass.scn --seeds 1..3 -j
$WT run $HERE/pass.scn -x; $WT run $HERE/pass.scn --no-such-thing-at-all; $WT run; $WT replay a b --seed 1
$WT list; $WT list verbs faults; $WT list --seed 1; $WT plto x; $WT xyzzy; $WT help swep; $WT --hlep; $WT help run verbs >/dev/null; echo $?
# the word that is unknown is named, not the one before it
$WT run $HERE/pass.scn --seed 3 -dash.scn; $WT sweep $HERE/pass.scn --seeds 1..3 -qx; $WT run --seed 3 -d $HERE/pass.scn; $WT run -qd --json
