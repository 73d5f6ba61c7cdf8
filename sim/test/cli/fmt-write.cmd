cp "$HERE/messy.scn" messy.scn
cp "$HERE/broken.scn" broken.scn
chmod 640 messy.scn
ln -s messy.scn link.scn
"$WT" fmt -w link.scn broken.scn
echo "one is written, the other has errors: $?"
test -h link.scn && stat -c %a messy.scn
"$WT" fmt messy.scn | cmp - messy.scn
cmp broken.scn "$HERE/broken.scn"
ls
"$WT" fmt -w messy.scn
echo "nothing to write: $?"
