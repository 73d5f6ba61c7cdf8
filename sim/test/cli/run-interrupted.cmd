# The first ^C ends the run that is on its way, in the middle: it has no verdict, nor has what was left out. The second one
# ends the program at once.
for n in 2 3 4; do cp $HERE/pass.scn $n.scn; done
cp $HERE/pass.scn 1.scn; cp $HERE/long.scn 2.scn
begun() { [ -f o ] && grep -q '^2.scn' o; }
ms() { echo $(($(date +%s%N) / 1000000)); }
for signal in TERM INT; do
    rm -f o
    # a shell has its background jobs ignore INT
    if [ $signal = INT ]; then env --default-signal=INT $WT run ?.scn >o 2>e & else $WT run ?.scn >o 2>e & fi
    until begun; do sleep 0.02; done
    from=$(ms); kill -$signal $!; wait $!; echo $?
    [ $(($(ms) - from)) -lt 1000 ] && echo in time
    grep -v '^INCONCLUSIVE' o; cat e
done
# A conjunction of waiting, conditions and messages is looked at as well.
printf 'wavetank 1\nscenario "t"\nnodes n1..n3\nset heartbeat 100us\nalways n1 term >= 0\nwait until n1 term >= 1000 within 10000s\n' >2.scn
$WT run 2.scn --time 300ms >o; echo $?; grep -c 'ended before its verdict' o
# --time ends a run as well, and what was left out is not taken for passed.
cp $HERE/long.scn 2.scn
from=$(ms); $WT run ?.scn --time 1s >o; echo $?; [ $(($(ms) - from)) -lt 2000 ] && echo in time; tail -n 1 o
$WT run 1.scn --time 1m >/dev/null; echo $?
# a second one: the first finds the program where it does not look
$WT sweep $HERE/long.scn --seeds 1..1 --jobs 1 --seed-timeout 1m >p 2>/dev/null & sleep 0.3; while kill -TERM $! 2>/dev/null; do sleep 0.02; done; wait $!; echo $?
