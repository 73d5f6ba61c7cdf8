# Conditions joined by `or`, and those that look for a time or until another holds: what is wrong is named, and so is
# what would mean nothing.
while IFS= read -r line; do
    printf 'wavetank 1\nnodes n1..n3\n%b\nexpect no leader\n' "$line" >t.scn
    "$WT" run t.scn 2>&1 || echo "  exit $?"
done <<'LINES'
expect n1 leader or
expect or n1 leader
expect n1 or n2 leader
expect n1 leader or leder n2 within 1s
expect n1 role leader or candidate
expect n1 leader and n2 leader
expect n1 leader or n1 leader
expect elections >= 2 or elections <= 3
expect messages append from n1 = 0 or messages append from n1 > 0
expect messages append from n1 = 0 or messages append from n2 > 0 or
expect progress within 1s or n1 leader
expect n1 leader or linearizable
expect n1 log begins
expect n1 log begins empty
expect n1 log begins 1 2 1
expect n1 log has
expect n1 log has 3
expect n1 log has 3/
expect n1 log has 1/0
expect n1 log has 1/3 1/2
expect n1 log has 2/3 1/4
expect n1 log 0
expect disk n1 log has 3
never n1 leader until n1 leader
always leader n1 within 2s
always leader n1 within 2s until leader n2
always leader n1 for
always leader n1 for 0s
always leader n1 until
always leader n1 until n2 leader within 0s
always leader n1 for 2s until n2 leader
always leader n1 until n2 leader for 2s
always leader n1 until linearizable
always leader n1 until progress within 2s
always linearizable for 2s
expect n1 leader for 2s
wait until n2 leader
run until n2 leader or n3 leader
every 1s until: crash n1
every 1s until n1 down crash n1
every 1s for 1s until n1 down: crash n1
every 1s until linearizable: crash n1
only-if feature lease or lease
only-if feature lease or
repeat until at most 3\n  wait 1s\nend
repeat until n3 down\n  wait 1s\nend
repeat until n3 down at least 3\n  wait 1s\nend
repeat until n3 down at most 0\n  wait 1s\nend
repeat until n3 down at most\n  wait 1s\nend
repeat until n3 down at most 3\nend
repeat until n3 down within 3s\n  wait 1s\nend
repeat until n3 down at most 3 as i\n  wait 1s\nend
repeat until n3 dwn at most 3\n  wiat 1s\nend
repeat until linearizable at most 3\n  wait 1s\nend
repeat until n3 down at most 3\n  set prevote off\nend
repeat until n3 down at most 3\n  wait 1s\nend n3
repeat until n3 down at most 3\n  wait 1s
every 1s: repeat until n3 down at most 3
repeat 9 times
xfail error
xfail error unknown\nfoo
xfail error ""\nfoo
xfail error "a" "b"\nfoo
repeat 2\n  xfail error "foo"\n  foo\nend
xfail stale or "why"
xfail stale or stale "why"\nexpect n1 down as stale
xfail stale or expect "why"\nexpect n1 down as stale
xfail expect and progress "why"
xfail vote-once and monotonic or monotonic and vote-once "why"
xfail vote-once or monotnic "why"
LINES
head='matrix prevote off on\nparam hold default 1s\nmatrix hold 1000ms 2s\nbranch A\n  wait 1ms\nbranch B\n  wait 2ms\nend\n'
while IFS= read -r line; do
    printf "wavetank 1\nnodes n1..n3\n$head%b\nexpect n1 up within 1s\n" "$line" >w.scn
    "$WT" run w.scn 2>&1 || echo "  exit $?"
done <<'LINES'
when prevote=maybe: crash n1
when prevot=on: crash n1
when leases=on: crash n1
when C: crash n1
when prevote: crash n1
when prevote=: crash n1
when A=1: crash n1
when A B: crash n1
when A A: crash n1
when prevote=on prevote=off: crash n1
when A or B: crash n1
when hold=1s or hold=2s: crash n1
when A
when A:
when :
when A or: crash n1
when A: repeat 3
when A: matrix x 3
when A: when B: crash n1
when A: crsh n1
at 3s: when A: crash n1
branch X\n  when X: wait 1s\nbranch Y\n  when X: wait 1s\nend
branch A\n  wait 1s\nend\nwhen A: wait 1s
chaos 1s\n  when A: crsh any\n  when C: crash any\nend
when A: xfail error "foo"
when A: xfail expect
LINES
printf 'wavetank 1\nnodes n1..n3\nwhen prevote=on: wait 1s\nmatrix prevote off on\nexpect no leader\n' >w.scn
"$WT" run w.scn 2>&1 || echo "  exit $?"
