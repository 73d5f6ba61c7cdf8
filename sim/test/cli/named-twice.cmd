# A file that is named twice runs once.
cp $HERE/pass.scn $HERE/fail.scn .; mkdir d; cp $HERE/pass.scn d; ln -s pass.scn link.scn
$WT run pass.scn ./pass.scn; echo $?
$WT sweep . d --seeds 1..3 --jobs 1 2>&1 | grep -e note -e passed
