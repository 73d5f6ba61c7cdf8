# What a failure rests on: the records behind a count, and a history that no order explains.
cat >count.scn <<'END'
wavetank 1
nodes n1..n3
campaign n1
expect leader n1 within 1s
workload w clients 5 keys 3 mix read 50% write 50% rate 200/s for 3s timeout 200ms retry 5
wait 500ms
mark "calm"
campaign n2
wait 2s
expect elections since "calm" = 0
END
cat >lost.scn <<'END'
wavetank 1
nodes n1..n3
disable invariant commit-quorum because "a false acknowledgement breaks it; what clients see is asked"
disable invariant leader-completeness because "so it does"
disable invariant state-machine-safety because "so it does"
disable invariant read-fresh because "so it does"
disable invariant ack-survives because "so it does"
disable invariant self-check because "so it does"
campaign n1
expect leader n1 within 1s
client c1 write x 1 -> ok
client c4 write y 1 -> ok
wait 20ms
drop all append from n1 until heal
client c2 write x 2 at n1 as w
client c3 write x 7 at n1
wait 2ms
inject append-reply from n2 to n1 term 1 index 4 unsafe
expect w ok within 1s
campaign n2
expect leader n2 within 1s
client c1 read x at n2 -> ok
wait 30s
always linearizable
END
cat >read.scn <<'END'
wavetank 1
nodes n1..n3
campaign n1
expect leader n1 within 1s
client c1 write x 1 -> ok
client c2 write x 2 as w2
client c1 read x as r1
wait 5s
expect r1 = 3
END
for s in count lost read; do echo "-- $s"; $WT run $s.scn; echo "exit $?"; done
