# The table and the sums of rows that are known, those that do not count among them.
row() { printf '%s\t' "$@"; printf '\n'; }
{
    row drawn O1 safety pass 3 0.40 40 200 0 safety outside 'run 3 (read-fresh)' - 'safety self-check 40' '' 180
    row drawn O2 safety pass 700 16.00 1 1000 2 rule outside - - 'liveness progress 1' '' 900
    row thought T1 safety pass - - 0 1000 0 - inside '' '' - '' 7
    row thought T2 liveness fail 1 0.02 200 200 0 rule - '' '' 'liveness progress 200' '' 200
    row thought T3 cost pass - - 0 500 0 against - '' '' 'commits' '' 500
    row mutant M1 cost pass - - 0 500 0 - - '' '' - '' 0
    row mutant M2 safety - - - 0 0 0 - - '' '' - 'the diff does not apply' 0
} >rows
"$HERE/../../../fuzz/score.sh" --table "$PWD/rows"
echo "exit $?"
for share in 3/56 4/56 7/203 8/203 0/504 0/812 2/1001 3/1001; do
    awk -f "$HERE/../../../fuzz/score.awk" -v settled=$share /dev/null
    echo "$share: $?"
done
# Which storm is alone with a defect, and which are equally soon.
{
    row A safety vote-once '' - 7
    row B safety contract '' 2 2
    row C liveness - '' - -
    row D cost - 'it does not compile'
} >rows
STORM='x/calm.scn x/wild.scn' "$HERE/../../../fuzz/by_storm.sh" --table "$PWD/rows"
echo "exit $?"
# Seed 1 of every file is run first; who includes a header is compiled anew with it.
(
    cd "$HERE/../../.." || exit
    STORM='a.scn b.scn c.scn' RUNS=1000 O=$(dirname "$WT")
    . fuzz/mutant.sh
    line='{"scenario":"b.scn","variant":"","seed":"0xa"}'
    echo "run $(numbered), to seed $(last_seed 1000)"
    includers core/progress.h | grep -x -e core/lease.c -e core/quorum.c -e sim/cli/main.c
)
