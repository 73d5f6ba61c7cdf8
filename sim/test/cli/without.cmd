# Checks that are switched off: what passes says so, the replay line too, and it gives the same run; so does a tape.
$WT run $HERE/pass.scn --without promise-audit,linearizable
$WT sweep $HERE/pass.scn --seeds 1..3 --without inside --out r --jobs 1
head -n 1 r | grep -o '"settings":"[^"]*"'; $WT report r
$WT sweep $HERE/pass.scn --seeds 1..4 --out r --resume 2>&1; echo $?
$WT run $HERE/pass.scn $HERE/pass.scn --tap --without progress 2>/dev/null
# What broke first is not judged; what breaks by it is.
unsafe="$HERE/../../../scenarios/storm/disks.scn --set unsafe-leader-counts-unsynced-self=on"
$WT sweep $unsafe --seeds 1..300 --without inside,protocol --max-failures 1 --jobs 1 --json >o 2>/dev/null
grep -o '"verdict":"safety","check":"[^"]*"' o
again=$(sed -n 's/.*"verdict":"safety".*"replay":"[^ ]* \([^"]*\)".*/\1/p' o); seed=${again##* }
echo "$again" | grep -o -- '--without .* '
$WT $again >a; grep -c '^  broken: ' a; digest() { sed -n 's/.*digest["=:]*\([0-9a-f]*\).*/\1/p' "$1" | tail -n 1; }
grep safety o >s; [ "$(digest a)" = "$(digest s)" ] && echo the same
$WT replay $unsafe --seed $seed >b; [ "$(digest a)" != "$(digest b)" ] && echo not the same
$WT $again --save-tape t >/dev/null; grep '^without' t; $WT replay --tape t >b; [ "$(digest a)" = "$(digest b)" ] && echo the same
# What there is not.
for these in promise-adit nothing "" inside, outside,linearizible; do $WT run $HERE/pass.scn --without "$these" 2>&1; echo $?; done
sed 's/^without.*/without nothing/' t >u; $WT replay --tape u 2>&1
