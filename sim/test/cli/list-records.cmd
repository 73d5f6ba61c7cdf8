# Every kind of record with its keys; a message says what `send` says. No key is a letter.
$WT list records | sed -n '/^drop/,/^$/p; /^role/,/^$/p; /^phase/,/^$/p'
$WT list records | grep -c '^  [a-z] '
$WT trace $HERE/storm.scn --seed 7 --to jsonl -o a 2>/dev/null
sed 1d a | tr '{,' '\n\n' | sed -n 's/^"\([a-z_0-9]*\)":.*/\1/p' | sort -u | grep -vE '^(at|kind|group|text)$' >keys
$WT list records | sed -n 's/^  \([a-z_0-9]*\) .*/\1/p' | sort -u | comm -23 keys - | head
