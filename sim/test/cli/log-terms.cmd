# A log has room for as many terms as its option says; a run that needs more is inconclusive, at boot too.
printf 'wavetank 1\nscenario "t"\nnodes n1\nset election-timeout 20ms..40ms\nset heartbeat 5ms\nrepeat 4\n  restart n1\n  expect leader n1 within 1s\n  settle\nend\n' >again.scn
printf 'wavetank 1\nscenario "t"\nnodes n1\ndisk n1 term 3 log 1 2 3\nexpect leader n1 within 1s\n' >preloaded.scn
for n in 3 4; do $WT run again.scn --set log-terms=$n | grep -E "inconclusive|^[A-Z]"; done
for n in 2 4; do $WT run preloaded.scn --set log-terms=$n | grep -E "inconclusive|^[A-Z]"; done
$WT run again.scn --set log-terms=0; echo $?
$WT run again.scn --set log-terms=65537; echo $?
