cp "$HERE/golden.scn" .
"$WT" run --bless golden.scn
echo "exit $?"
cat golden.scn
"$WT" run golden.scn
"$WT" run --bless golden.scn
