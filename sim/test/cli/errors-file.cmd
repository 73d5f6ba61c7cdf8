# What is no scenario, or not only one: as a whole it is refused, and everything that is wrong with it is told.
try() { echo "-- $1"; shift; "$WT" run "$@" 2>&1 || echo "  exit $?"; }
head='wavetank 1\nnodes n1..n3\n'
printf "${head}wiat 1s\nexpect leader\nchaos 1s\n  crsh any\nend\nexpect leder\n" >several.scn
try 'several mistakes' several.scn
printf "${head}matrix prevote off on\nwiat 1s\nbranch A\n  crsh n1\nbranch B\n  crsh n2\nend\nexpect leader\n" >variants.scn
try 'once, not once a variant' variants.scn
printf "${head}matrix prevote off on\nexpect leader within 1s\n" >good.scn
try 'of a setting, too' good.scn --set prevot=off
try 'of a value' good.scn --set prevote=of
printf "${head}" >many.scn
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do echo "foo $i"; done >>many.scn
"$WT" run many.scn 2>&1 | tail -n 4
printf 'wavetank 2\nnodes n1..n3\nexpect leader within 1s\n' >version.scn
try 'another version' version.scn
printf 'nodes n1..n3\nexpect leader within 1s\n' >headless.scn
try 'no head' headless.scn
printf 'wavetnk 1\nnodes n1..n3\nexpect leader within 1s\n' >misspelt.scn
try 'a misspelt head' misspelt.scn
printf "\357\273\277${head}wiat 1s\nexpect leader\n" >bom.scn
try 'a byte order mark' bom.scn
printf "${head}expect \000 leader\n" >nul.scn
try 'binary' nul.scn
printf "${head}exp\001ect \377 leader\nwiat 1s\n" >control.scn
try 'bytes that are no text' control.scn
(printf "$head"; head -c 1000000 /dev/zero | tr '\0' x; printf '\nwiat 1s\n') >long.scn
try 'a line of a megabyte' long.scn
(printf "${head}client c1 write x 1 "; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do printf 'timeout 1s '; done; printf 'tmeout 1s -> ok\n') >wide.scn
try 'far to the right' wide.scn
printf "${head}\tscenario \"gr\303\266\303\237e\" f\303\274r foo\n\tmark \"\303\274ber\" foo\nexpect leader\n" >umlaut.scn
try 'more than ASCII' umlaut.scn
printf "${head}include \"one.inc\"\nexpect leader\n" >circle.scn
printf 'include "two.inc"\n' >one.inc
printf 'mark "here"\ninclude "circle.scn"\n' >two.inc
try 'a circle of includes' circle.scn
printf 'include "two.inc"\n' >one.inc
printf 'wait 1x\ninclude "nowhere.inc"\n' >two.inc
try 'mistakes in what is included' circle.scn
printf "${head}chaos 1s\n  include \"faults.inc\"\n  then heal\nend\nexpect leader within 2s\n" >storm.scn
printf 'crash any every 100ms..200ms restart after 10ms..50ms weight 10\n' >faults.inc
try 'a chaos block that includes its lines' storm.scn
printf 'crash any every 100ms..200ms\ncrsh any\n' >faults.inc
try 'mistakes in lines that a chaos block includes' storm.scn
printf 'include "faults.inc"\n' >faults.inc
try 'a circle of includes in a chaos block' storm.scn
printf 'then heal\n' >faults.inc
try 'the last line of a chaos block, included' storm.scn
printf "${head}repeat 3 as i\n  client c\$i read x\n  wiat 1s\nexpect leader\n" >open.scn
try 'a block without an end' open.scn
printf "${head}repeet 3\n  wait 1s\nend\nexpect leader\n" >closed.scn
try 'an end without a block' closed.scn
printf "${head}wait 1s\n" >empty-handed.scn
try 'nothing is asserted' empty-handed.scn
mkdir folder
try 'a directory without scenarios' folder
try 'no such file' nowhere.scn
