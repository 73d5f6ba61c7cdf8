# Figures of hardly anything, and of too much: no percentile is shown where it would be the greatest sample, and each is drawn.
head='{"wavetank":1,"revision":"r","settings":""}'
# run SEED N TIMEOUTS MAX BUCKETS [TITLE]: 241 is the bucket of 200 us
run() {
    printf '{"scenario":"%s.scn","variant":"","seed":"%s","verdict":"pass","check":"","detail":"","digest":"%032x","simulated_ns":1000000000,"events":1,"text":"1","title":"%s","latency":{"commit":{"n":%s,"timeouts":%s,"max":%s,"buckets":[%s]}}}\n' \
        "${7:-t}" "$1" "$1" "${6:-t}" "$2" "$3" "$4" "$5"
}
show() { echo "-- $1"; $WT plot r -o o >out; echo $?; grep ^commit out | tr -s ' '; grep -v '^#' o/commit.dat | grep .; ls o/*.png | wc -l; }
(echo "$head"; run 1 1 0 200000 '[241,1]') >r; show "one sample"
(echo "$head"; run 1 2 0 200000 '[241,2]') >r; show "two"
(echo "$head"; run 1 99 0 200000 '[241,99]'; run 2 1 0 200000 '[241,1]') >r; show "a hundred and no more"
(echo "$head"; run 1 101 0 200000 '[241,101]') >r; show "a hundred and one"
(echo "$head"; run 1 3 3 0 '') >r; show "all timed out"
(echo "$head"; run 1 1 0 5 '[0,1]') >r; show "quicker than the first bucket"
(echo "$head"; run 1 1 0 1844674407370955161 '[833,1]') >r; show "as slow as can be said"
long=$(printf 'a long title with %099d and another %099dQ' 1 2)
(echo "$head"; run 1 1 0 200000 '[241,1]' "$long" | tr Q '\377') >r; show "a long title, and no UTF-8"
(echo "$head"; for i in $(seq 30); do run 1 1 0 200000 '[241,1]' "scenario $i" "s$i"; done) >r; show "thirty scenarios" | tail -1; ls o/*.png
