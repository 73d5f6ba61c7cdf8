# Two variants that are one and the same run are told, unless the file says that they may be; no verdict changes by it.
head='wavetank 1\nscenario "One write"\nnodes n1..n3\nmatrix max-inflight 1 2 64\nmatrix prevote off on\n'
tail='campaign n1\nexpect leader n1 within 50ms\nclient c1 write x 1 at n1 -> ok\n'
try() { echo "-- $*"; "$WT" run "$@" 2>&1; echo "  exit $?"; }
printf "$head$tail" >s.scn
try s.scn
try s.scn --json
try s.scn --tap
try s.scn --variant max-inflight=2/prevote=on
try s.scn --set max-inflight=2
try s.scn --until 1ms
try s.scn --calm
printf "${head}variants of max-inflight may be equal because \"nothing is pipelined\"\n$tail" >said.scn
try said.scn
printf "${head}variants of prevote may be equal because \"nobody asks\"\n$tail" >other.scn
try other.scn --set prevote=off
# Of a run that must fail the later one says so, too.
printf "${head}xfail expect \"too early\"\nexpect leader n1\ncampaign n1\n" >fails.scn
try fails.scn --json
printf "${head}expect leader n1\ncampaign n1\n" >fails.scn
"$WT" run fails.scn --set prevote=on --json 2>&1 | grep -v '^  '
