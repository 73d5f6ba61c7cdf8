# --by says what the curves of a panel differ in; what else differs makes panels. Unknown keys are refused.
printf 'wavetank 1\nscenario "three by two"\nnodes n1..n3\nmatrix reads read-index lease log\nmatrix prevote off on\ncampaign n1\nclient c1 write x 1 -> ok\nclient c2 read x -> ok\nwait 100ms\n' >six.scn
for d in 1ms 2ms; do $WT sweep six.scn --seeds 1..2 --set disk-latency=$d --out $d >/dev/null 2>&1; done
by() { $WT plot 1ms 2ms -o o "$@" >out 2>err; echo "$*: $? $(cat err)"; sed -n 's/^commit  *//p' o/summary.txt 2>/dev/null | sed 's/  .*//'; rm -rf o; }
by
by --by reads
by --by set,prevote
by --by variant
by --by scenario
by --by reeds
by --by ""
by --by "reads,"
