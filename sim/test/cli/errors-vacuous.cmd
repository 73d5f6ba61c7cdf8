# What can be read but mean nothing is refused, with what to write instead.
try() {
    printf 'wavetank 1\nnodes n1..n3\n' >v.scn; printf "$1\n" >>v.scn; echo 'expect leader within 1s' >>v.scn
    "$WT" run v.scn 2>&1 || echo "  exit $?"
}
for line in 'cut n1 - n1' 'cut n2 -> n2' 'join n1 - n1' 'heal n1 - n1' 'link n1 -> n1 delay 5ms' 'link n1 delay 5ms' \
    'flaky n1' 'reliable n1' 'drop all append from n1 to n1' 'deliver n1 -> n1' 'discard pending from n1 to n1' \
    'expect messages append from n1 to n1 <= 3' 'partition n1 | n1 n2' 'partition one-way n1 n2 -> n2 n3' \
    'partition n1 c1 | n2 n3 c1' 'bridge n1 n2' 'bridge all' 'client c1 write x 1 as r1 as r2' \
    'hold next append as h1 as h2' 'expect no leader as a as b' 'expect no leader as safe\nexpect no leader as safe within 1s' \
    'repeat 0\n  wait 1s\nend' 'expect n1 log 2 1' 'expect n1 progress of n2' \
    'expect n1 progress of n2:' 'expect messages any >= 0' 'expect elections >= 0' 'never bytes any < 0' \
    'hold next append as h1\nexpect held h1 >= 0' 'drop next vote where round>0' 'hold all append where reject as h1' 'drop all append where term=1 term=2' \
    'drop all append where entries<0' 'drop all append where index>3 and index<=3' 'drop all append where index=3 index!=3' \
    'drop all append where index!=0 index<1' 'drop all append where entries>=0' 'drop all vote where try>=1/1 try<1/1' \
    'drop all append if any' 'crash n1 if any' 'drop next append even if lost' 'delay all append by 1ms even if lost'; do
    try "$line"
done
# What only one turn, or one variant, makes vacuous is not.
try 'define none\n  expect no leader as quiet\nend\nparam least default 0\nmatrix least 0 1\nparam k default 0
expect messages any >= $least within 2s\nrepeat 3 as i\n  cut n1 - n$i\n  do none\n  expect no leader as calm\nend\nrepeat $k\n  wait 1s\nend\nheal' |
    tail -n 1
printf 'wavetank 1\nparam size default 3\nmatrix size 1 2 3\nnodes n1..n$size\nbridge n1\nlink all delay 1ms\nflaky all\nheal
expect leader within 1s\n' >size.scn; "$WT" run size.scn | tail -n 1
printf 'wavetank 1\nnodes n1\nflaky all\nexpect leader within 1s\n' >one.scn; "$WT" run one.scn 2>&1
printf 'wavetank 1\nnodes n1..n3\ncut n1 - all but n1\nheal\npartition n1 | all but n1\nheal\nbridge all but n2 n3
drop all append from n1 to all but n1 for 1ms\nheal\nexpect leader within 1s\n' >but.scn; "$WT" run but.scn | tail -n 1
