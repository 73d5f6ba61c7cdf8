$WT trace $HERE/pass.scn --seed 1 --to jsonl 2>/dev/null | grep -c "^{.*}$" | grep -q "[0-9][0-9]" && echo objects
