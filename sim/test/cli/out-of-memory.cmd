# Memory that is out is told, whoever wants it, and so are processes that are.
few() { (ulimit -v 60000; "$@" >o; echo $?; cat o); }
few $WT run $HERE/pass.scn $HERE/fail.scn
few $WT run $HERE/pass.scn --tap --junit report.xml; ls
few $WT sweep $HERE/pass.scn --seeds 1..3
few $WT replay $HERE/pass.scn --seed 1
few $WT trace $HERE/pass.scn
few $WT diff $HERE/pass.scn --seed 1 --seed 2
(ulimit -v 12000; $WT run $HERE/../../../scenarios/*/*.scn >o 2>e; echo $?; cat o; sort -u e | tail -n 1)
# Waits until a process has worked for a tenth of a second: it is in its run by then.
at_work() { until [ "$(cut -d ' ' -f 14 /proc/$1/stat)" -ge 10 ]; do sleep 0.05; done; }
# An assertion is our own failure, too.
$WT run $HERE/long.scn >o & at_work $!; kill -ABRT $!; wait $!; echo $?
# A worker that is killed says so in its run, and the others go on.
$WT sweep $HERE/long.scn $HERE/pass.scn --seeds 1..1 --jobs 1 --seed-timeout 1m >o 2>e &
child() { grep -ls "^PPid:.$1\$" /proc/[0-9]*/status | cut -d / -f 3; }
until c=$(child $!) && [ -n "$c" ]; do sleep 0.05; done
at_work $c; kill -KILL $c; wait $!; echo $?; grep -E 'died|passed' o
# Where open files are scarce, there are fewer workers; where there can be none, that is said.
for n in 5 12; do (ulimit -n $n; exec $WT sweep $HERE/pass.scn --seeds 1..20 --jobs 40) 2>e >o; echo $?; tail -n 1 o; cat e; done
