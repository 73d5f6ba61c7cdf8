# Results told again; a run that stands in two files counts once; what is no result file is refused.
$WT sweep $HERE/fail.scn $HERE/pass.scn --seeds 1..3 --out r >/dev/null 2>&1; $WT sweep $HERE/fail.scn --seeds 2..4 --out s >/dev/null 2>&1
$WT report r; echo $?
$WT report r s | head -n 8
$WT sweep $HERE/pass.scn --seeds 1..3 --until 1ms --out u >/dev/null 2>&1; $WT report u
sed 's/"signature":"[^"]*",//' r >old; $WT report old | grep signature
sed 's/"revision":"[^"]*"/"revision":"v0.9"/' s >other; $WT report r other | head -n 1
for bad in $HERE/pass.scn nowhere . /dev/null; do $WT report $bad; echo $?; done
$WT report; echo $?; $WT report r --seeds 1..2; echo $?
