"$WT" fmt --check --write "$HERE/messy.scn"
