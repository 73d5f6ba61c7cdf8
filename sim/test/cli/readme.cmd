# What the README shows of a run is what a run prints; digests alone are left out there.
cd $HERE/../../.. || exit
sed -n '/^\$ build\/wavetank run /,/^```/p' README.md | sed -e '1d' -e '$d' >$OLDPWD/shown
$WT $(sed -n 's/^\$ build\/wavetank \(run .*\)/\1/p' README.md) | sed 's/digest=[0-9a-f]*/digest=.../' | diff $OLDPWD/shown - && echo the same
