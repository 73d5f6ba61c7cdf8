# A file with runs is added to or replaced, never emptied by the way.
$WT sweep $HERE/pass.scn --seeds 1..3 --out r >/dev/null; cp r was
$WT sweep $HERE/pass.scn --seeds 1..3 --out r; echo $?; cmp r was && echo as it was
$WT sweep $HERE/pass.scn --seeds 1..2 --out r --force >/dev/null; echo $?; wc -l <r; ls
$WT sweep $HERE/pass.scn --seeds 1..2 --force; echo $?
# A link is followed, and keeps its name.
cp r target; ln -s target link; $WT sweep $HERE/pass.scn --seeds 1..4 --out link --force >/dev/null; readlink link; wc -l <target
# While a sweep writes, nobody else does, neither the file nor what will replace it.
lines() { [ -f $1 ] && [ "$(wc -l <$1)" -ge "$2" ]; }
begin() { $WT sweep $HERE/storm.scn --seeds 1..1000000 --out $1 $2 >o 2>e & until lines $3 4; do sleep 0.05; done; }
same() { sed "s/process $!/process N/"; }
begin new "" new
for how in "" --resume --force "--force --resume"; do $WT sweep $HERE/pass.scn --seeds 1..2 --out new $how 2>e >o; echo $?; same <e; done
kill -KILL $!; wait $! 2>/dev/null; $WT sweep $HERE/pass.scn --seeds 1..2 --out new --resume >/dev/null 2>&1; echo $?
cp was r; begin r --force r.new
for how in "" --resume --force "--force --resume"; do $WT sweep $HERE/pass.scn --seeds 1..2 --out r $how 2>e >o; echo $?; same <e; done
# Killed, it leaves the old file, and what it had made; ended by a ^C, too, and says so.
kill -KILL $!; wait $! 2>/dev/null; cmp r was && echo as it was
$WT sweep $HERE/storm.scn --seeds 1..6 --out r --force --resume >o 2>/dev/null; echo $?; ls r*; [ "$(wc -l <r)" -gt 7 ] && echo gone on
cp was r; begin r --force r.new; kill -TERM $!; wait $!; echo $?; cmp r was && echo as it was; sed 's/has [0-9]* runs/has N runs/' e
$WT sweep $HERE/pass.scn --seeds 1..2 --out r --force 2>&1 >/dev/null | sed 's/had [0-9]* runs/had N runs/'; ls r*; wc -l <r
# What the time left over is what was asked for.
cp was r; $WT sweep $HERE/storm.scn --seeds 1..1000000 --out r --force --time 300ms >/dev/null; echo $?; ls r*; cmp -s r was || echo replaced
# Pipes and devices are written as they are; they cannot be gone on with.
$WT sweep $HERE/pass.scn --seeds 1..2 --jobs 1 --out /dev/stdout | cut -c 1-12 | head -n 3; $WT sweep $HERE/pass.scn --seeds 1..2 --out /dev/stdout --force >file; head -n 3 file | cut -c 1-12
$WT sweep $HERE/pass.scn --seeds 1..2 --out /dev/null --resume; echo $?
# What may not be written is said before anything runs.
mkdir shut; cp was shut/r; chmod 555 shut; chmod 444 shut/r; [ "$(id -u)" -eq 0 ] || $WT sweep $HERE/pass.scn --seeds 1..2 --out shut/r --force >/dev/null 2>&1; chmod 755 shut
mkdir r2; cp was r2/r; mkdir r2/r.new; $WT sweep $HERE/pass.scn --seeds 1..2 --out r2/r --force 2>&1
cp $HERE/pass.scn r3.new; cp was r3; $WT sweep $HERE/pass.scn --seeds 1..2 --out r3 --force 2>&1; cmp r3.new $HERE/pass.scn && echo as it was
