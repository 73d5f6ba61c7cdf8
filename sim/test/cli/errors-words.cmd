# One mistake a line of errors-words.txt, each in a scenario of its own: what is said of it.
while IFS= read -r line; do
    printf 'wavetank 1\nnodes n1..n3\n%b\nexpect no leader\n' "$line" >t.scn
    "$WT" run t.scn 2>&1 || echo "  exit $?"
done <"$HERE/errors-words.txt"
