# A world at a time: its nodes, their logs in memory and on disk, their voters, and what is under way or held.
cat >t.scn <<'END'
wavetank 1
nodes n1..n3
set leases on
campaign n1
expect leader n1 within 1s
client c1 write x 1 -> ok
wait 50ms
hold next heartbeat from n1 to n2 as h1
wait 50ms
crash n3
disk n2 stall
clock n2 freeze
client c1 write x 2 at n1
wait 1s
expect n1 not down
END
at() { echo "-- $*"; $WT replay t.scn --seed 1 "$@"; echo "exit $?"; }
at --until 3ms --show state,messages
at --until 59ms --show messages
at --until 110ms --show state,log,config,messages
at --until 200ms --show state,log
at --show log
at --until 3ms --show log --trace --class terms
$WT replay t.scn --seed 1 --until 3ms --show config --json 2>/dev/null
at --show state,lag 2>&1
at --show '' 2>&1
echo "-- $HERE/fail.scn"; $WT replay $HERE/fail.scn --seed 1 --show state | grep -v -e '^    # ' -e '^    [> ]  *[0-9]'
