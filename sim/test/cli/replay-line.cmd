# The replay line of a failure, followed to the letter, fails in the same way.
$WT run $HERE/variants.scn --variant prevote=off --set heartbeat=20ms >first
line=$(sed -n "s/.*replay: wavetank //p" first)
eval "$WT $line" >second
tail -n 1 second
tail -n 1 first | cmp - second >/dev/null; tail -n 1 first >a; tail -n 1 second >b; cmp a b && echo same
