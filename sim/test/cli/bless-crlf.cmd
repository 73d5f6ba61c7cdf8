sed 's/$/\r/' "$HERE/golden.scn" >golden.scn
"$WT" run --bless golden.scn >/dev/null 2>&1
echo "exit $?"
grep -c "$(printf '\r')\$" golden.scn
wc -l <golden.scn
"$WT" fmt golden.scn >plain.scn && "$WT" run --bless plain.scn 2>&1 | head -n 1
