mkdir d
"$WT" fmt "$HERE/messy.scn" >d/good.scn
"$WT" fmt --check d
echo "all canonical: $?"
cp "$HERE/messy.scn" d/messy.scn
"$WT" fmt --check d
echo "one is not: $?"
