# A disk that is full: the runs until then are kept, as whole lines, and --resume goes on from there.
$WT sweep $HERE/pass.scn --seeds 1..3 --jobs 1 --out /dev/full >o; echo $?; grep stopped o
$WT sweep $HERE/storm.scn --seeds 1..30 >all
(ulimit -f 16; $WT sweep $HERE/storm.scn --seeds 1..30 --jobs 1 --out r.jsonl >o 2>e; echo $?)
sed 's/[0-9][0-9]* runs/N runs/' e
grep stopped o | sed 's/after [0-9]*/after N/'
kept=$(sed -n 's/.*it has \([0-9]*\) runs.*/\1/p' e)
[ "$kept" -gt 0 ] && [ "$(grep -c '^{.*}$' r.jsonl)" -eq $((kept + 1)) ] && [ "$(wc -l <r.jsonl)" -eq $((kept + 1)) ] && echo whole lines
$WT sweep $HERE/storm.scn --seeds 1..30 --out r.jsonl --resume >o; echo $?
grep "digest of" all >a; grep "digest of" o | cmp a - && echo same
# Other files that cannot be written to the end.
for to in "run $HERE/pass.scn --junit" "replay $HERE/pass.scn --seed 1 --save-tape" "trace $HERE/pass.scn -o"; do
    $WT $to /dev/full >/dev/null; echo $?
done
# Nor can the failures be kept that are kept where there is no --out: what is told of them is true of the file.
(ulimit -f 0; $WT sweep $HERE/fail.scn --seeds 1..150 --jobs 1 2>&1 >/dev/null) | grep note; ls | grep failures
(ulimit -f 8; $WT sweep $HERE/fail.scn --seeds 1..150 --jobs 1 2>e) | tail -n 2; sed -n 's/first [0-9]*;/first N;/; /note/p' e
kept=$(sed -n 's/.*it has the first \([0-9]*\);.*/\1/p' e); [ "$kept" -gt 0 ] && $WT report wavetank-failures.jsonl >o && [ "$(grep -c replay: o)" -eq "$kept" ] && echo as many
# Nor are all of them in a file of --out that could not be written to its end.
(ulimit -f 8; $WT sweep $HERE/fail.scn --seeds 1..150 --jobs 1 --out f 2>/dev/null) | grep -c 'is told by'
$WT sweep $HERE/fail.scn --seeds 1..150 --out f --resume 2>/dev/null | grep -c 'is told by'
