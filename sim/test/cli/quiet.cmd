# --quiet: what did not pass, and the summary.
sed 's/^campaign n1/print "here"\ncampaign n1/' $HERE/fail.scn >fail.scn; sed 's/^campaign n1/print "there"\ncampaign n1/' $HERE/pass.scn >pass.scn; cp pass.scn also.scn
$WT run *.scn --quiet; $WT run pass.scn -q; $WT run *.scn --quiet --json 2>/dev/null | wc -l
$WT run fail.scn -q --tap; echo $?; $WT run fail.scn -q --trace; echo $?
$WT sweep pass.scn --seeds 1..3 -q; $WT sweep fail.scn pass.scn --seeds 1..2 -q --out r
