# SPDX-License-Identifier: MIT
# The share of samples that took at most so long. Given: data, heading, meaning, n, legend_columns, most, ceiling.
curves = n
load scripts . "/style.gp"
set label 97 heading at graph 0.5, screen 0.955 center font sized(17)
set label 99 meaning at graph 0.5, screen 0.895 center font sized(11) textcolor rgb "#555555"
set xrange [0:most * 1.05]
set yrange [0:102]
set format x "%.0f ms"
set ytics ("0 %%" 0, "25 %%" 25, "50 %%" 50, "75 %%" 75, "90 %%" 90, "99 %%" 99)
set xlabel "latency"
set ylabel "share of elections that took at most this long"
plot for [i = 0:n - 1] data index i using ($1 < ceiling ? $1 : NaN):2 with lines lt i + 1 title columnheader(1)
