# Taking one line out of a tape moves no other draw: it still runs.
$WT replay $HERE/storm.scn --seed 7 --save-tape t >/dev/null
sed 20d t >u; $WT replay --tape u | cut -d " " -f 1
sed "20s/.*/net-delay n1-n2 1 2/" t >v; $WT replay --tape v
