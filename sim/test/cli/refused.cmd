# A file that must be refused passes if it is, by what it names, however it is run.
try() {
    printf "wavetank 1\nnodes n1..n3\n$1\n" >t.scn
    printf '%s\n' "-- $1"
    "$WT" run t.scn 2>&1 || echo "  exit $?"
}
try 'xfail error "unknown node"\nexpect n9 down'
try 'xfail error "did you mean"\nexpect n1 dwn'
try 'xfail error "unknown node"\nexpect n1 dwn\nexpect n9 down\nfoo'
try 'xfail error "asserts nothing"\nwait 1s'
try 'xfail error "closes nothing"\nend\nexpect no leader'
try 'xfail error "does not end"\nbranch A\nexpect no leader'
try 'xfail error "does not end"\nmark "foo\nexpect no leader'
try 'xfail error "no text"\nexpect no \000 leader'
try 'xfail error "\\$x"\nexpect n1 $x'
try 'include "none.inc"\nxfail error "No such file"\nexpect no leader'
try 'xfail error "do not fit"\nset heartbeat 10s\nexpect no leader'
try 'xfail error "unknown node"\nexpect n1 dwn'
try 'xfail error "unknown node"\nexpect no leader'
try 'xfail error "foo"\nxfail error "bar"\nexpect no leader'
try 'xfail error "foo"\nxfail expect "why"\nexpect no leader'
try 'xfail expect "why"\nxfail error "foo"\nexpect no leader'
try 'xfail error "unknown node"\nxfail error "bar"\nexpect n9 down'
try 'xfail error "unknown node"\nxfail expect "why"\nexpect n9 down'
try 'xfail error "unknown node"\nmatrix prevote off on\nexpect no leader'
"$WT" run t.scn --set prevot=on 2>&1 || echo "  exit $?"
try 'scenario "The node that is not there"\n  xfail error "unknown node"\nmatrix prevote off on\nexpect n9   down'
"$WT" run t.scn --json
"$WT" run t.scn --junit t.xml >/dev/null && cat t.xml
"$WT" run t.scn --tap
"$WT" sweep t.scn --seeds 1..3 2>&1 | tail -n 1
"$WT" replay t.scn --seed 7 --save-tape t.tape && "$WT" replay --tape t.tape
"$WT" trace t.scn --seed 7
"$WT" fmt t.scn
# no variant and no setting changes that
try 'xfail error "do not fit"\nparam beat default 500ms\nmatrix stickiness off on\nset heartbeat $beat\nexpect no leader'
for set in beat=30ms heartbeat=30ms stickiness=on stickiness=no; do
    "$WT" run t.scn --set $set 2>&1 || echo "  exit $?"
done
"$WT" replay t.scn --seed 7 --save-tape t.tape && "$WT" replay --tape t.tape
