# Every run's replay line, taken at its word, is that run: with each form of a value, and settings over all of them.
cat >s.scn <<'END'
wavetank 1
scenario "Every form of a value"
nodes n1..n3
param pause default 10ms
matrix pause 10ms 20ms
param beat default 20ms
set heartbeat $beat
matrix prevote off on
set batch 2
set batch 3 on n2
set disk-latency 1ms..2ms on n1
branch A
  set reads lease
branch B
  seed 7
end
campaign n1
client c1 write x 1
client c2 read x
wait 50ms
expect n1 up
END
lines=0
try() {
    "$WT" run s.scn --json "$@" 2>err >runs
    [ $? -ne 2 ] || { echo "$* exit 2"; cat err; return; }
    while IFS= read -r run; do
        want=$(printf '%s\n' "$run" | sed 's/.*"digest":"\([0-9a-f]*\)".*/\1/')
        line=$(printf '%s\n' "$run" | sed 's/.*"replay":"\([^"]*\)".*/\1/')
        eval "$line" >again 2>&1
        lines=$((lines + 1))
        grep -q "digest=$want" again || { echo "not the same: $line"; cat again; }
    done <runs
}
for pause in '' 'pause=10ms' 'pause=0.02s' 'pause=20ms'; do
    for prevote in '' 'prevote=on'; do
        for more in '' 'batch=1' 'heartbeat=35ms' 'beat=40ms' 'beat=40ms heartbeat=25ms' 'disk-latency=3ms' 'reads=log' \
            'election-timeout=200ms..400ms'; do
            set --
            for word in $pause $prevote $more; do set -- "$@" --set "$word"; done
            try "$@"
        done
    done
done
try --set pause=10ms --calm
try --variant pause=20ms/prevote=on/B --set batch=1 --until 30ms
try --seed word --set prevote=off
echo "$lines lines"
try --set pause=30ms
