# A fault that aims says at which occasion it struck, and one that is over at an occasion says so too.
printf '%s\n' 'wavetank 1' 'scenario "t"' 'nodes n1..n3' 'chaos 5s' '  no swarm' \
    '  crash after win every 500ms..1s restart after 1ms..5ms' \
    '  isolate leader every 500ms..1s for 1s until step-down' \
    '  pause any every 500ms..1s for 10ms' 'end' 'expect elections >= 2' >aimed.scn
$WT trace aimed.scn --class faults --to text | grep -o 'fault .*' | sed 's/n[0-9]/N/' | sort -u
$WT trace aimed.scn --to jsonl | grep '"kind":"fault"' | grep -o '"occasion":"[^"]*"' | sort | uniq -c | awk '{ print $2 }'
$WT trace aimed.scn --to jsonl | grep '"kind":"fault"' | grep -vc '"occasion"'
