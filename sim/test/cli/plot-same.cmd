# Equal results make equal figures, byte for byte, whatever the order in which runs and files are met.
$WT sweep $HERE/storm.scn --seeds 1..3 --jobs 1 --out a >/dev/null 2>&1
$WT sweep $HERE/storm.scn --seeds 4..6 --set disk-latency=5ms --jobs 1 --out b >/dev/null 2>&1
(sed 1q a; sed 1d a | sort -r) >c
$WT plot a b -o one >/dev/null; $WT plot b c -o two >/dev/null
ls one | wc -l
for f in one/*; do sed 's/one/two/g' "$f" | cmp -s - "two/${f#one/}" || cmp "$f" "two/${f#one/}"; done
# Each SVG is one document.
for f in one/*.svg; do echo "$(grep -c '<svg' $f) $(grep -c '</svg>' $f)"; done | sort -u
