cp "$HERE/golden-variants.scn" "$HERE/golden-repeat.scn" .
"$WT" run --bless golden-variants.scn golden-repeat.scn >out
echo "exit $?"
tail -n 1 out
cmp golden-variants.scn "$HERE/golden-variants.scn"
cmp golden-repeat.scn "$HERE/golden-repeat.scn"
