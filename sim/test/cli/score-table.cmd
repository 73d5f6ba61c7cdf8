# The table and the sums of rows that are known, those that do not count among them.
row() { printf '%s\t' "$@"; printf '\n'; }
{
    row drawn O1 safety pass 3 0.40 40 200 0 safety outside 'run 3 (read-fresh)' - 'safety self-check 40'
    row drawn O2 safety pass 700 16.00 1 1000 2 rule outside - - 'liveness progress 1'
    row thought T1 safety pass - - 0 1000 0 - inside '' '' -
    row thought T2 liveness fail 1 0.02 200 200 0 rule - '' '' 'liveness progress 200'
    row thought T3 cost pass - - 0 500 0 against - '' '' 'commits'
    row mutant M1 cost pass - - 0 500 0 - - '' '' -
    row mutant M2 safety - - - 0 0 0 - - '' '' - 'the diff does not apply'
} >rows
"$HERE/../../../fuzz/score.sh" --table "$PWD/rows"
echo "exit $?"
for share in 0/300 0/400 4/200 6/200 500/500; do
    awk -f "$HERE/../../../fuzz/score.awk" -v settled=$share /dev/null
    echo "$share: $?"
done
