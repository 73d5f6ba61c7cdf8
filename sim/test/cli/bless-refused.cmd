"$WT" run --bless --seed 2 "$HERE/golden.scn"
echo "exit $?"
"$WT" run --bless - <"$HERE/golden.scn"
echo "exit $?"
