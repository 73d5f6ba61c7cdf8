# Which lines of a trace: by time, class, node, key, operation and text; in text and as JSON, of a seed and of a tape.
cat >t.scn <<'END'
wavetank 1
nodes n1..n3
campaign n1
expect leader n1 within 1s
client c1 write x 1 as w1 -> ok
client c1 write y 2 -> ok
repeat 2
    client c2 read x as r1 -> ok
end
isolate n3
wait 1s
expect n1 leader
END
of() { echo "-- $*"; $WT trace t.scn "$@" 2>e | grep -v '^# [ws]'; grep -v '^PASS' e; }
of --class elections
of --class terms,commits --node n2
of --node n2..n3 --from 4ms --to-time 5ms
of --node c2 --class clients
of --key y
of --key y --node n3
of --op 1
of --op r1 --class clients
of --grep 'n1 -> n3 append' --to-time 15ms
of --to-time 0s --class crashes --node n3
of --grep 'no such words'
of --class clients --key x --to jsonl
echo "-- replay"; $WT replay t.scn --seed 1 --trace --op w1 --class clients
$WT replay t.scn --seed 1 --save-tape t.tape >/dev/null; $WT replay --tape t.tape --trace --op w1 --class clients
echo "-- what there is not"
for o in --class=elction --node=n4 --node=c7 --node=n3..n1 --node=n1, --key=z --op=r2 --op=0 --from=5 --grep=; do $WT trace t.scn "$o" >o 2>&1; echo "$? $(tail -n 1 o)"; done
$WT trace t.scn --from 2s --to-time 1s 2>&1; $WT replay t.scn --seed 1 --key x 2>&1; echo $?
$WT trace $HERE/pass.scn --key x 2>&1 | grep -v '^# [ws]'; $WT trace $HERE/pass.scn --op r1 2>&1
