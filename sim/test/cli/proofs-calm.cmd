# Which scenarios see the faults that they bring about.
head='wavetank 1\nnodes n1..n3\n'
printf "${head}expect leader within 2s\ncrash leader\nexpect no leader\n" >sees.scn
printf "${head}crash n1\nexpect leader within 5s\n" >blind.scn
printf "# calm-ok: no faults\n${head}expect leader within 2s\n" >excused.scn
printf "# calm-ok\n${head}expect leader within 2s\n" >without-reason.scn
printf "# calm-ok: stale\n${head}crash n1\nexpect n1 down\n" >without-need.scn
printf "${head}budget 1s\nwait 2s\nexpect n1 down\n" >undecided.scn
printf "${head}wiat 2s\n" >broken.scn
O=$(dirname "$WT") "$HERE"/../proofs.sh calm "$PWD"/*.scn | sed "s|$PWD/||g"
