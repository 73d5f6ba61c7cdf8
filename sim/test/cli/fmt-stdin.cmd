"$WT" fmt - <"$HERE/messy.scn" >one.scn
"$WT" fmt - <one.scn | cmp - one.scn
"$WT" fmt -w - <one.scn
