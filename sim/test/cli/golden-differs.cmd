"$WT" run "$HERE/golden.scn" | sed '/last 20 lines/,$d'
