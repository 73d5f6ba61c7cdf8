# Each verdict and its exit code; of several runs the gravest decides.
head='wavetank 1
scenario "t"
nodes n1..n3'
printf '%s\nexpect exactly-one leader within 2s\n' "$head" >pass.scn
printf '%s\nexpect leader n9x\n' "$head" >error.scn
printf '%s\nbudget 1s\nwait 5s\nexpect exactly-one leader\n' "$head" >limit.scn
printf '%s\npartition n1 | n2 | n3\nwait 1s\nexpect progress within 1s\n' "$head" >stuck.scn
printf '%s\nxfail expect "why"\nexpect leader n1 within 1ms\n' "$head" >xfail.scn
printf '%s\nxfail expect "why"\nexpect exactly-one leader within 2s\n' "$head" >xpass.scn
for s in pass error limit stuck xfail xpass; do $WT run $s.scn >o 2>/dev/null; echo $s $? $(tail -n 1 o | cut -d " " -f 1,2 | sed "s/seed=.*//"); done
$WT run limit.scn stuck.scn pass.scn >/dev/null; echo $?
$WT run limit.scn stuck.scn xpass.scn >/dev/null; echo $?
$WT run limit.scn error.scn xpass.scn >/dev/null 2>&1; echo $?
# ... and the rest of them: two digests that differ; a file that cannot be written, one that is not there. (Nothing here can be
# skipped; see out-of-memory for more of 99, and run-interrupted for 130.)
$WT replay pass.scn --seed 1 --digest 00000000000000000000000000000000 >/dev/null; echo $?
$WT run pass.scn --junit /dev/full >/dev/null 2>&1; echo $?
$WT run nowhere.scn >/dev/null 2>&1; echo $?
