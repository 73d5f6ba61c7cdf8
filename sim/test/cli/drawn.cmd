# What a seed draws is said by each way to look at a run; a replay line and a tape pin it; --set moves no other.
cat >d.scn <<END
wavetank 1
scenario "A majority elects"
branch odd drawn
  param voters drawn 4..9
branch usual drawn 50%
  param voters drawn 3 | 5
end
nodes n1..n\$voters
set batch drawn 1 | 8 on each
campaign n1
expect leader n1 within 100ms
expect n1 term = 2
END
sed 's/term = 2/term = 1/' d.scn >good.scn
$WT run good.scn --seed 2
$WT run good.scn --seed 2 --set voters=7
$WT run good.scn --seed 2 --set voters=7 --json
$WT run d.scn --seed 3 | tail -n 1 >line; cat line
sed -n 's/.*replay: //p' line | sh | grep -v '^ *>* *0' | tail -n 2
$WT trace good.scn --seed 2 2>/dev/null | sed -n '/^# drawn/p'; $WT trace good.scn --seed 2 --to jsonl 2>/dev/null | grep -o '"drawn":"[^"]*"'
$WT replay good.scn --seed 2 --save-tape t >/dev/null; sed -n '/^base/q;/^set/p' t; $WT replay --tape t
$WT sweep good.scn --seeds 1..20 --out r >/dev/null 2>&1; grep -c '"drawn":"branch=' r
sed -n 's/.*"seed":"0x2".*"replay":"\([^"]*\)".*/\1 --digest r/p' r | sh
$WT sweep good.scn --seeds 1..20 --out r --resume | tail -n 1
$WT run good.scn --set branch=even
$WT run good.scn --set voters=n
sed 's/^campaign/param who drawn n1 10% | n8 | n9\ndisk $who latency 1ms\n&/' good.scn | $WT run -
