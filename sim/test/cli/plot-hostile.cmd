# What never ends, is no text, or does not hold together: an error at once, and nothing is drawn.
plot() { timeout 20 $WT plot "$@" -o o; echo $?; [ ! -e o ] || { echo drawn; rm -r o; }; }
$WT sweep $HERE/storm.scn --seeds 1..2 --jobs 1 --out r >/dev/null 2>&1
plot /dev/zero
yes | plot /dev/stdin
: >empty; plot empty
sed 1q r | tr '\n' '\0' >nul; plot nul
printf '{"wavetank":1,' >torn; plot torn
sed 's/"scenario":"/&\x01/' r >control; plot control
# Counts that are not the sum of their parts; numbers beyond 64 bits; a bucket that there is not.
sed 's/"commit":{"n":/&1/' r >sum; plot sum
sed 's/"max":/&99999999999999999999/' r >large; plot large
sed 's/"buckets":\[\[/&9/' r >bucket; plot bucket
sed 's/"timeline":{"width":/&3/' r >width; plot width
sed 's/"answered":\[\[/&64/' r >bin; plot bin
sed 's/"simulated_ns":/&9999/' r >late; plot late
