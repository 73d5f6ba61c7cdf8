# Where it stands, and what made it be read: an include, a `do` and a turn of a repeat are named, of what fails as of
# what cannot be read.
try() { echo "-- $1"; "$WT" run main.scn 2>&1 | sed '/  what it rests on/,/^FAIL/d'; }
printf 'define wants(node)\n  wait 10ms\n  expect $node leader\nend\n' >lib.inc
printf 'repeat 2 as i\n  wait 1ms\n  do wants(n$i)   # the first leads\nend\n' >body.inc
head='wavetank 1\nnodes n1..n3\ninclude "lib.inc"\ncampaign n1\nexpect leader n1 within 50ms\n'
printf "${head}include \"body.inc\"\n" >main.scn
try 'at run time, in all of them'
printf "${head}  do wants(n2)\n" >main.scn
try 'in a macro'
printf "${head}repeat 3 as k\n  expect n\$k term 1\n  crash n2\nend\n" >main.scn
try 'in a repeat'
printf 'expect leader n3\n' >body.inc
printf "${head}include \"body.inc\"\n" >main.scn
try 'in what is included'
printf 'chaos 1s\n  isolate leader forr 1s\nend\nbranch A\n  expect leder\nend\nrepeat 2\n  do wants(m1)\nend\n' >body.inc
try 'before it runs'
printf 'release h1 even if lost\nisolate followers\nat 1s: restart all\nwait 2s\ndeliver next append from n1\n' >body.inc
sed 's/^campaign/hold next append as h1\n&/' main.scn >m && mv m main.scn
try 'what is not found'
