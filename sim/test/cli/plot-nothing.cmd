$WT plot; echo $?; $WT plot nowhere.jsonl; echo $?; : >e; $WT plot e -o d
# no client, and an election that follows no loss of a leader
printf 'wavetank 1\nscenario "t"\nnodes n1..n3\nexpect leader within 2s\n' >t.scn; $WT sweep t.scn --seeds 1..2 --out r >/dev/null; $WT plot r -o d; echo $?
