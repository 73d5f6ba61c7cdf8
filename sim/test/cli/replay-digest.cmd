# A digest that differs is told with the revisions of both, where the other's is known: from D@REVISION, a result file or a tape.
$WT run $HERE/pass.scn >first
digest=$(sed "s/.*digest=\([0-9a-f]*\).*/\1/" first)
$WT replay $HERE/pass.scn --seed 1 --digest $digest; echo $?
$WT replay $HERE/pass.scn --seed 2 --digest $digest; echo $?
$WT replay $HERE/pass.scn --seed 2 --digest $digest@v0.9; echo $?
$WT replay $HERE/pass.scn --seed 2 --digest $digest@$($WT --version | sed -n '1s/wavetank //p')
$WT replay $HERE/pass.scn --seed 2 --check-every-step --digest $digest@$($WT --version | sed -n '1s/wavetank //p') | grep part:
$WT replay $HERE/pass.scn --seed 2 --digest $digest@v0.9 --json 2>/dev/null
$WT replay $HERE/pass.scn --seed 1 --save-tape tape >/dev/null; sed 's/^revision.*/revision v0.8/' tape >old
$WT replay --tape old; $WT replay --tape old --digest 00000000000000000000000000000000
