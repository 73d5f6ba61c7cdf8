# One seed draws the same diffs each time, another others, and each fits the sources.
fuzz=$HERE/../../../fuzz
for to in a b; do "$fuzz/operators.sh" draw 2 5 "$PWD/$to" 2>/dev/null; done
"$fuzz/operators.sh" draw 2 6 "$PWD/c" 2>/dev/null
for to in a b c; do echo "$to: $(ls "$to" | wc -l)"; done
diff -r a b && echo "a and b are the same"
diff -r a c >/dev/null || echo "a and c are not"
for diff in "$PWD"/a/* "$PWD"/c/*; do
    (cd "$fuzz/.." && git apply --check "$diff") || echo "$diff does not apply"
    grep -c '^[-+] ' "$diff"
done
"$fuzz/operators.sh" 2>&1
