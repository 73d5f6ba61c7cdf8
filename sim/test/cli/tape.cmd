# A tape needs no seed, and gives the run of the seed that it was made from.
$WT replay $HERE/storm.scn --seed 7 --save-tape t >first
$WT replay --tape t >second
sed "s/ [a-z]*=[^ ]*//" first >a; sed "s/ [a-z]*=[^ ]*//" second >b; cmp a b && echo same
head -n 5 t | cut -d " " -f 1-3
