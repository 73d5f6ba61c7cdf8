# What an option has written replaces a file of its own kind, when it is whole, and no other.
cp $HERE/pass.scn mine
$WT run $HERE/pass.scn --junit mine; echo $?
$WT trace $HERE/pass.scn -o mine; echo $?
$WT replay $HERE/pass.scn --seed 1 --save-tape mine; echo $?
cmp mine $HERE/pass.scn && echo as it was
for i in 1 2; do
    $WT run $HERE/pass.scn --junit j.xml >/dev/null; echo $?
    $WT trace $HERE/pass.scn -o t --to jsonl 2>/dev/null; echo $?
    $WT replay $HERE/pass.scn --seed 1 --save-tape tape >/dev/null; echo $?
done
$WT trace $HERE/pass.scn -o t --to text 2>/dev/null; head -c 10 t; echo
$WT run $HERE/pass.scn --junit tape; echo $?; ls
# Killed or short of room, it leaves what was there.
$WT run $HERE/long.scn --junit j.xml >o & until grep -q 'testsuite' j.xml; do sleep 0.05; done; cp j.xml was; kill -KILL $!; wait $! 2>/dev/null; cmp j.xml was && echo as it was; rm -f j.xml.*
cp t was; (ulimit -f 8; $WT trace $HERE/storm.scn -o t 2>/dev/null; echo $?); cmp t was && echo as it was; ls t*
# Standard output, and links.
$WT run $HERE/pass.scn --junit /dev/stdout >o; grep -c -e '<testsuites>' -e PASS o; ln -s j.xml link; $WT run $HERE/pass.scn --junit link >/dev/null; readlink link
# A trace that a ^C ends has what happened until then.
$WT trace $HERE/long.scn -o begun 2>e &
until [ "$(cut -d ' ' -f 14 /proc/$!/stat)" -ge 10 ]; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?; [ -s begun ] && tail -n 1 e | cut -d ' ' -f 1
