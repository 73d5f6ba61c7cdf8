# Memory that is out is told, whoever wants it, and so are processes that are.
few() { (ulimit -v 60000; "$@" >o; echo $?; cat o); }
few $WT run $HERE/pass.scn $HERE/fail.scn
few $WT run $HERE/pass.scn --tap --junit report.xml; ls
few $WT sweep $HERE/pass.scn --seeds 1..3
few $WT replay $HERE/pass.scn --seed 1
few $WT trace $HERE/pass.scn
few $WT diff $HERE/pass.scn --seed 1 --seed 2
(ulimit -v 12000; $WT run $HERE/../../../scenarios/*/*.scn >o 2>e; echo $?; cat o; sort -u e | tail -n 1)
# An assertion is our own failure, too.
$WT run $HERE/long.scn >o & sleep 0.2; kill -ABRT $!; wait $!; echo $?
# A worker that is killed says so in its run, and the others go on.
$WT sweep $HERE/long.scn $HERE/pass.scn --seeds 1..1 --jobs 2 --seed-timeout 1m >o 2>e & sleep 0.5
pkill_child() { for p in /proc/[0-9]*; do grep -qs "^PPid:.$1\$" $p/status && kill -KILL ${p#/proc/} 2>/dev/null; done; }
pkill_child $!; wait $!; echo $?; grep -E 'died|passed' o
# Where open files are scarce, there are fewer workers; where there can be none, that is said.
for n in 5 12; do (ulimit -n $n; exec $WT sweep $HERE/pass.scn --seeds 1..20 --jobs 40) 2>e >o; echo $?; tail -n 1 o; cat e; done
