# Which scenarios see the faults that they bring about.
head='wavetank 1\nnodes n1..n3\n'
printf "${head}expect leader within 2s\ncrash leader\nexpect no leader\n" >sees.scn
printf "${head}crash n1\nexpect leader within 5s\n" >blind.scn
printf "# calm-ok: no faults\n${head}expect leader within 2s\n" >excused.scn
printf "# calm-ok\n${head}expect leader within 2s\n" >without-reason.scn
printf "# calm-ok: stale\n${head}crash n1\nexpect n1 down\n" >without-need.scn
printf "${head}budget 1s\nwait 2s\nexpect n1 down\n" >undecided.scn
printf "${head}wiat 2s\n" >broken.scn
printf "${head}matrix prevote off on\nbranch A\n crash n1\nbranch B\n wait 1s\n crash n1\n expect n1 down\nend\nexpect n1 down\n" >sees-twice.scn
printf "${head}branch A\n crash n1\n expect n1 down\nbranch B\n crash n1\nbranch C\n crash n2\nend\nexpect leader within 5s\n" >half-blind.scn
printf "# calm-ok: B has no faults\n${head}branch A\n crash n1\n expect n1 down\nbranch B\n wait 1s\nend\nexpect leader within 5s\n" >half-excused.scn
printf "${head}xfail expect \"it is n2 that is down\"\ncrash n2\nexpect n1 down\n" >xfails-anyway.scn
printf "${head}xfail expect \"n1 is down\"\ncrash n1\nexpect n1 up\n" >xfails-by-faults.scn
O=$(dirname "$WT") "$HERE"/../proofs.sh calm "$PWD"/*.scn | sed "s|$PWD/||g"
