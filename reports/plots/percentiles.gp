# SPDX-License-Identifier: MIT
# Latency over percentile, the axis such that each step to the right is ten times rarer. Given, beside what style.gp needs: data, few[i]
# (1: so few samples that each is a point), floor_ms, ceiling, rarest, timeouts.
load scripts . "/style.gp"
set logscale x 10
set logscale y 10
set xrange [1:rarest]
set yrange [floor_ms / 1.3:ceiling * 1.2]
eval latency_axis(ceiling, timeouts)
eval "set xtics " . percentile_tics
set xlabel "share of operations that took at most this long" font sized(9) offset 0, 1
set multiplot
do for [p = 1:panels] {
    eval place(p)
    do for [k = 0:count[p] - 1] { eval legend_entry(first[p] + k + 1, k) }
    plot for [i = first[p]:first[p] + count[p] - 1] data index i using 3:1 with lines lt colour[i + 1], \
        for [i = first[p]:first[p] + count[p] - 1] data index i using (few[i + 1] ? $3 : NaN):1 with points lt colour[i + 1] pt 7 ps 0.7
    eval said_once
    do for [k = 0:count[p] - 1] { unset arrow 200 + k; unset label 200 + k }
}
unset multiplot
