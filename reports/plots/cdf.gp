# SPDX-License-Identifier: MIT
# The share of samples that took at most so long. Given, beside what style.gp needs: data, few[i], most, ceiling.
load scripts . "/style.gp"
set xrange [0:most * 1.05]
set yrange [0:102]
set format x "%g"
set xtics autofreq
set ytics ("0 %%" 0, "25 %%" 25, "50 %%" 50, "75 %%" 75, "90 %%" 90, "100 %%" 100)
set xlabel "latency in ms" font sized(9) offset 0, 1
set multiplot
do for [p = 1:panels] {
    eval place(p)
    do for [k = 0:count[p] - 1] { eval legend_entry(first[p] + k + 1, k) }
    plot for [i = first[p]:first[p] + count[p] - 1] data index i using ($1 < ceiling ? $1 : NaN):2 with lines lt colour[i + 1], \
        for [i = first[p]:first[p] + count[p] - 1] data index i using (few[i + 1] && $1 < ceiling ? $1 : NaN):2 with points lt colour[i + 1] pt 7 ps 0.7
    eval said_once
    do for [k = 0:count[p] - 1] { unset arrow 200 + k; unset label 200 + k }
}
unset multiplot
