# One defect makes one group, whatever the seed, the node and the scenario; each failed run has its replay line; and the file that
# keeps them, without --out, is a new one.
storms=$HERE/../../../scenarios/storm
only() { sed -n "/least seed/,\$p" o | sed 's/way [0-9a-f]*/way W/; s/: [0-9]* runs/: N runs/; s/0x[0-9a-f]*/SEED/; s/^  n[0-9] commits .*/  .../; s/^[0-9]* passed, [0-9]* failed/N passed, N failed/'; }
$WT sweep $storms/disks.scn $storms/deposed.scn --set unsafe-leader-counts-unsynced-self=on --seeds 1..10 >o 2>e; echo $?
only | grep -v replay:; [ "$(grep -c '^  replay: ' o)" -eq "$(sed -n 's/.* \([0-9]*\) failed.*/\1/p' o)" ] && echo each has its line
tail -n 1 e; ls
$WT report wavetank-failures.jsonl >r; echo $?; sed -n '/least seed/,/^[0-9]* passed/p' o | grep -v passed >a; grep -v passed r | cmp a - && echo the same
cp wavetank-failures.jsonl was; $WT sweep $HERE/fail.scn --seeds 1..2 >o 2>e; tail -n 1 e; cmp was wavetank-failures.jsonl && echo as it was; ls
# Nothing fails: nothing is written. With --out or --json it is in there.
mkdir d; cd d; $WT sweep $HERE/pass.scn --seeds 1..2 >/dev/null 2>&1; $WT sweep $HERE/fail.scn --seeds 1..2 --out r >/dev/null 2>&1; $WT sweep $HERE/fail.scn --seeds 1..2 --json >/dev/null 2>&1; ls
# Two statements of one file are two defects. What is beyond a hundred is said, and where it is told.
cat >two.scn <<X
wavetank 1
scenario "t"
nodes n1..n3
wait 1s
branch A
  expect n1 term 99
branch B
  expect n1 term 0
end
X
$WT sweep two.scn --seeds 1..70 --out two >o 2>/dev/null; grep -c replay: o; grep -e signature -e 'more$' -e 'told by' o | sed 's/and [0-9]* more/and N more/'
$WT report two | grep -c replay:
