$WT sweep $HERE/storm.scn --seeds 1..3 --out r.jsonl >/dev/null; $WT plot r.jsonl -o d/e >o 2>&1; echo $?; cut -c 1-40 d/e/summary.txt | sed 1d; ls d/e | tr "\n" " "
