# A scenario that must fail by a check that is switched off cannot show what it is for: it is skipped, and says why.
head='wavetank 1
scenario "t"
nodes n1..n3'
logs='disk n1 log 1/1:"a" commit 1 unsafe
disk n2 log 1/1:"b" commit 1 unsafe
expect leader within 2s'
printf '%s\nxfail state-machine-safety "they differ"\n%s\n' "$head" "$logs" >one.scn
printf '%s\nxfail election-safety or state-machine-safety "they differ"\n%s\n' "$head" "$logs" >either.scn
printf '%s\nxfail state-machine-safety and log-matching "one holds"\n%s\n' "$head" "$logs" >both.scn
printf '%s\nxfail progress "nobody is up"\ncrash all\nexpect progress within 1s\n' "$head" >stuck.scn
printf '%s\nxfail expect "nobody is up"\ncrash all\nexpect leader within 1s\n' "$head" >expect.scn
tell() { tail -n 1 o | cut -d ' ' -f 1,2 | sed 's/ seed=.*//'; }
for s in one either both stuck expect; do $WT run $s.scn >o 2>&1; echo $s $? $(tell); done
$WT run one.scn --without state-machine-safety; echo $?
$WT run one.scn --without outside --tap 2>/dev/null
for s in one either both stuck expect; do $WT run $s.scn --without state-machine-safety,progress >o 2>&1; echo $s $? $(tell); done
# Where it may be this or that, what is judged decides, or nothing does.
for s in one either both; do $WT run $s.scn --without log-matching,election-safety >o 2>&1; echo $s $? $(tell); done
$WT sweep one.scn --seeds 1..3 --without outside --jobs 1 2>&1 | tail -n 2
# What the scenario itself leaves out can never fail.
printf '%s\ndisable invariant log-matching because "x"\nxfail log-matching "y"\nwait 1s\n' "$head" >never.scn
$WT run never.scn 2>&1; echo $?
