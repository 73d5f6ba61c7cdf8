# The replay line of a failure, pasted as it stands into a shell, fails in the same way: whatever the files are called, and the
# program.
pasted() { # of what is in first
    sed -n '/replay: /,$s/.*replay: //p' first >line
    tail -n 1 first >a
    sh ./line >second 2>err; echo $?; tail -n 1 second >b
    cmp a b && echo same
}
$WT run $HERE/variants.scn --variant prevote=off --set heartbeat=20ms >first; pasted
for name in 'two words.scn' "o'clock.scn" '-dash.scn' '--set.scn' '$(date)`x`.scn' 'star*.scn' '~tilde.scn' 'back\slash"quote.scn' 'ümlaut.scn' '#hash.scn'; do
    cp $HERE/fail.scn "./$name"; $WT run -- "$name" >first; sed -n 's/.*replay: wavetank//; s/.*replay: //p' first | sed "s|^$WT|wavetank|"; pasted; rm "./$name"
done
# ... even with a line's end in it: it goes on in the next line.
name='two
lines.scn'; cp $HERE/fail.scn "$name"; $WT run "$name" >first
tail -n 2 first | sed -n '1s/.*replay: //p; 2p' >line; sh ./line >second; echo $?; tail -n 2 first >a; tail -n 2 second | cmp a - && echo same; rm "$name"
# A tape's line, too, and its report speaks of the tape, not of a seed.
$WT replay $HERE/fail.scn --seed 1 --save-tape "my tape" >/dev/null
$WT replay --tape "my tape" >first; grep -n -e tape -e seed first; pasted; $WT replay --tape "my tape" --json 2>err | grep -o '"seed":[^,]*'; grep -c tape err
mv "my tape" ./-t; $WT replay --tape=-t >first; pasted
# The program is the one that was called.
mkdir "my bin"; ln -s $WT "my bin/wave tank"; cp $HERE/fail.scn .
"./my bin/wave tank" run fail.scn >first; grep -o 'replay: .*' first; pasted
PATH="$PWD/my bin:$PATH"; export PATH; "wave tank" run fail.scn >first; grep -o 'replay: .*' first; pasted
# A sweep's lines are of the same kind, and those of a result file, and the diff that shows a core that is not deterministic.
$WT sweep fail.scn --seeds 1..1 --out r >first 2>/dev/null; sed -n 's/^  replay: //p' first >line; sh ./line >second; echo $?
$WT report r | sed -n 's/^  replay: //p' | cmp line - && echo same
$WT sweep fail.scn --seeds 1..1 --json 2>/dev/null | sed 's/.*"replay":"\(.*\)".*/\1/' | cmp line - && echo same
