# SPDX-License-Identifier: MIT
# Latency over simulated time, with the faults as bands. Given, beside what style.gp and bands.gp need: data, seconds[p], floor_ms, ceiling,
# timeouts, legend_top.
load scripts . "/style.gp"
load scripts . "/bands.gp"
set logscale y 10
foot = (ceiling * 1.2 / (floor_ms / 1.3)) ** (lanes_share / (1 - lanes_share))
set yrange [floor_ms / 1.3 / foot:ceiling * 1.2]
eval latency_axis(ceiling, timeouts)
set xlabel "simulated time in s" font sized(9) offset 0, 1
key_font = sized(9)
set multiplot
do for [p = 1:panels] {
    eval place(p)
    set key at screen sx(10), screen sy(legend_top) top left Left reverse vertical samplen 3 spacing 1.0 font key_font maxcols legend_columns maxrows legend_rows
    set xrange [0:seconds[p]]
    i = first[p]
    plot data index 2 * i + 1 using (($1 + $2) / 2):(0.5):1:2:(0):(1):(shade($3, $4, 0.09)) axes x1y2 with boxxyerror fs solid noborder lc rgb variable notitle, \
        data index 2 * i + 1 using (($1 + $2) / 2):(lane_low($3)):1:2:(lane_low($3)):(lane_top($3)):(shade($3, $4, 1)) axes x1y2 with boxxyerror fs solid noborder lc rgb variable notitle, \
        data index 2 * i using 1:4 with linespoints lc rgb "#7f7f7f" lw 0.8 pt 7 ps 0.25 title p == 1 ? "the slowest operation" : "", \
        data index 2 * i using 1:3 with lines lt 2 title p == 1 ? "99th percentile (where there are 100 operations or more)" : "", \
        data index 2 * i using 1:2 with linespoints lt 1 pt 7 ps 0.3 title p == 1 ? "median" : "", \
        for [k = 1:6] keyentry with boxes fs solid noborder lc rgb band_colour[k] title p == 1 && lane[k] >= 0 ? band[k] : ""
    eval said_once
}
unset multiplot
