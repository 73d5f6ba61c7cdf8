cat "$HERE/golden.scn" | "$WT" fmt /dev/stdin | cmp - "$HERE/golden.scn" && echo same
"$WT" fmt /dev/zero
echo "exit $?"
"$WT" replay --tape /dev/zero
echo "exit $?"
