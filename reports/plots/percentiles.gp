# SPDX-License-Identifier: MIT
# Latency over percentile, the axis such that each step to the right is ten times rarer. Given: data, heading, meaning, n, legend_columns,
# floor_ms, ceiling, rarest, timeouts.
curves = n
load scripts . "/style.gp"
set label 97 heading at graph 0.5, screen 0.955 center font sized(17)
set label 99 meaning at graph 0.5, screen 0.895 center font sized(11) textcolor rgb "#555555"
set logscale x 10
set logscale y 10
set xrange [1:rarest]
set yrange [floor_ms / 1.3:ceiling * 1.2]
eval latency_axis
eval "set xtics " . percentile_tics
set xlabel "share of all operations that took at most this long: the slowest ones are on the right"
set label 96 "latency" at screen 0.02, graph 0.5 center rotate
plot for [i = 0:n - 1] data index i using 3:1 with lines lt i + 1 title columnheader(1)
