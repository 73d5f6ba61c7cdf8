mkdir d
cp "$HERE/messy.scn" d
"$WT" fmt -w d/missing.scn d
echo "one is missing: $?"
ls d
