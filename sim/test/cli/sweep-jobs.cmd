# The same runs, however many processes share them.
for j in 1 3; do $WT sweep $HERE/storm.scn --seeds 1..40 --jobs $j >o; grep "digest of" o >d$j; done; cmp d1 d3 && echo same
