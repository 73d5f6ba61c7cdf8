# A tape knows whether it was calm, and until when: it gives the same run without being told.
for how in "--calm" "--until 400ms" "--calm --until 1500us" "--set heartbeat=20ms"; do
    $WT replay $HERE/storm.scn --seed 7 $how --save-tape t >a; $WT replay --tape t >b
    sed 's/ [a-z]*=[^ ]*//; s/ replay:.*//' a >c; sed 's/ [a-z]*=[^ ]*//; s/ replay:.*//' b | cmp c - && echo same
done
sed -n '1,/^base/p' t
