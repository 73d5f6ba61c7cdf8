# What --until cuts short has no verdict: neither passed nor failed as its xfail says.
head='wavetank 1
scenario "t"
nodes n1..n3'
printf '%s\nexpect exactly-one leader within 2s\nwait 3s\n' "$head" >pass.scn
printf '%s\nxfail expect "why"\nwait 1s\nexpect leader n1 within 1ms\n' "$head" >xfail.scn
printf '%s\nwait 1s\nexpect no leader\n' "$head" >fail.scn
for t in 1ms 900ms 10s; do for s in pass xfail fail; do
    $WT run $s.scn --until $t >o; echo $t $s $? $(tail -n 1 o | cut -d " " -f 1,2 | sed "s/seed=.*//")
done; done
$WT run pass.scn xfail.scn --until 1ms
$WT sweep pass.scn xfail.scn --seeds 1..2 --jobs 1 --until 1ms 2>&1 | grep -v -e events -e digest; $WT sweep pass.scn --seeds 1..2 --until 1ms >/dev/null 2>&1; echo $?
# The end of the last statement is an end, though it is just then.
printf '%s\nwait 3s\nexpect exactly-one leader\n' "$head" >wait.scn; $WT run wait.scn --until 3s >/dev/null; echo $?
printf '%s\nsettle\nwait 1s\nsettle\nstep 5\nexpect exactly-one leader\n' "$head" >settle.scn; $WT run settle.scn --until 1s >/dev/null; echo $?
# Who looks at the run until then has seen what there is to see; plain replay says what run said.
$WT replay fail.scn --seed 1 --until 1ms --trace | tail -n 2; $WT replay fail.scn --seed 1 --until 1ms --trace >/dev/null; echo $?
$WT replay fail.scn --seed 1 --until 1ms >/dev/null; echo $?
$WT replay fail.scn --seed 1 --until 2s --trace >/dev/null; echo $?
