# What is said of single messages and comes to nothing fails the run where it is said.
try() {
    printf 'wavetank 1\nnodes n1..n3\nset prevote off\nset election-timeout 5s..6s\ncampaign n1
expect leader n1 within 50ms\nsettle\n' >u.scn
    printf "$1\n" >>u.scn
    "$WT" run u.scn 2>&1 | grep -v '^ .*s  \|^    # \|  what it rests on\|^FAIL\|PASS\|passed'
}
for lines in 'cut n1 -> n3\ninject heartbeat from n1 to n3 term 1\nwait 5ms' \
    'cut n1 -> n3\ninject heartbeat from n1 to n3 term 1 even if lost\nwait 5ms' \
    'hold next append to n2 as h\npropose n1 "a"\nwait 5ms\ncrash n2\nrelease h\nwait 5ms' \
    'every 1s for 2s: discard pending\nwait 1s' 'drop next 2 vote from n3 for 5ms\nwait 10ms' 'crash n3 after next vote-reply'; do
    try "$lines"
done
