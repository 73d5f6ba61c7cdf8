"$WT" fmt "$HERE/messy.scn"
