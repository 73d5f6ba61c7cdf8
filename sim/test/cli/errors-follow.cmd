# What a line that is wrong would have declared counts as declared: only the cause is told.
while IFS= read -r line; do
    printf "wavetank 1\n$line\nexpect no leader\n" >t.scn
    "$WT" run t.scn 2>&1 || echo "  exit $?"
done <<'LINES'
param voters drawn\nnodes n1..n$voters
param voters default\nnodes n1..n$voters
param voters 5\nnodes n1..n$voters
param voters-max default 5\nnodes n1..n$voters-max
param voters default "5\nnodes n1..n$voters\nwait $hold
param voters drawn 9..1\nnodes n1..n$voters\nset batch drawn 1 | 8 on each\ncampaign n1
param voters drawn 9..1\nnodes n1..n3\nmatrix voters 1 3\nset batch $voters
param hold drawn 300..50ms\nnodes n1..n3\nwait $hold
param loss drawn 30%%..5%%\nnodes n1..n3\nlink loss $loss
nodes n1..nx\nset batch drawn 1 | 8 on each\ncampaign n1
nodes n1..n3 {\ncampaign n1\ncrash n4
nodes n1..n3 spare n3\ncampaign n1
param voters default $votes\nnodes n1..n$voters\ncrash n2
nodes n1..n3\nchaos for 5s {\n  crash any\n}\nwiat 1s
nodes n1..n3\nchaos 5s {\n  crash any\nwiat 1s
nodes n1..n3\nchaos 5s\n  crash any\n}\nwiat 1s
nodes n1..n3\nrepeat 3 {\n  chaos 5s {\n    crash any\n  }\n}
nodes n1..n3\nbranch A {\n  wait 1s\n}\nbranch B {\n  wait 2s\n}
nodes n1..n3\nrepeat 3\n  chaos 5s\n    crash any
nodes n1..n3\ndefine f(a) {\n  wait 1s\n}\ndo f(2s)
nodes n1..n3\ndefine f(a, a)\n  wait 1s\nend\ndo f(2s)
nodes n1..n3\n}
LINES
# How many nodes there are: one story, whatever is wrong.
while IFS= read -r line; do
    printf "wavetank 1\nparam voters default 3\n$line\ncrash n10\nexpect no leader\n" >t.scn
    "$WT" run t.scn 2>&1 || echo "  exit $?"
done <<'LINES'
nodes
nodes n0
nodes n1..n0
nodes n1..n10
nodes n1..n10 spare n11
nodes n1..n17
nodes n1..n9 spare n10..n17
nodes n1..nvoters
nodes n1..voters
nodes n1..n3 spare nvoters
LINES
# A value of --set that does not fit shows where it comes from.
cat >set.scn <<'END'
wavetank 1
param voters drawn 3 | 5
param hold default 1s
param twice default $hold
nodes n1..n$voters
set batch drawn 1 | 8 on each
campaign n1
wait $twice
expect n1 leader
END
for set in voters=12 voters=x batch=9999 batch=1,8 hold=1; do
    "$WT" run set.scn --set $set 2>&1 || echo "  exit $?"
done
