"$WT" run "$HERE/golden.scn" | sed '/  what it rests on/,$d'
