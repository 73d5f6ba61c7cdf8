# Words that other systems have for what is here: the message knows ours.
for line in 'kill n1' 'stop n1' 'revive n1' 'disconnect n1' 'reconnect n1' 'assert leader n1' 'forget-leader n1' \
    'process-ready n1' 'sleep 1s' 'write x 1' 'elect n1' 'replicate n1' 'stabilize' 'expect n1 vote n1' \
    'expect n1 voted-for n1' 'expect n1 committed 3' 'expect n1 dead' 'expect n1 progress of n1 match 3' \
    'expect all progress of n1: match 3' 'expect n1 progress of n2: mach 3' \
    'expect messages vote delivered to n2 >= 1' 'expect messages vote to n2 delivered >= 1' \
    'propose n1 "a" as p30' 'expect n1 role halte'; do
    printf 'wavetank 1\nnodes n1..n3\n%s\nexpect leader within 1s\n' "$line" >w.scn
    "$WT" run w.scn 2>&1 | grep . || echo "read: $line"
done
printf 'wavetank 1\nnodes n1..n3\ncampaign n1\nexpect leader n1 within 1s\nexpect leader progress of n1: match 3\n' >w.scn
"$WT" run w.scn | head -n 1
