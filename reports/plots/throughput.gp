# SPDX-License-Identifier: MIT
# Operations a simulated second, over time, with the faults as bands. Given, beside what style.gp and bands.gp need: data, seconds[p], highest,
# legend_top.
load scripts . "/style.gp"
load scripts . "/bands.gp"
set yrange [-1.08 * highest * lanes_share / (1 - lanes_share):highest * 1.08]
set ytics autofreq 0,highest > 0 ? 10 ** floor(log10(highest)) / (highest / 10 ** floor(log10(highest)) > 4 ? 1 : 4) : 1
set ylabel columns > 1 ? "" : "operations a second" font sized(9) offset 1, 0
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
        data index 2 * i using 1:4 with lines lt 7 title p == 1 ? "timed out (by the time at which they were meant)" : "", \
        data index 2 * i using 1:3 with lines lt 3 title p == 1 ? "reads answered" : "", \
        data index 2 * i using 1:2 with lines lt 1 title p == 1 ? "writes answered" : "", \
        for [k = 1:6] keyentry with boxes fs solid noborder lc rgb band_colour[k] title p == 1 && lane[k] >= 0 ? band[k] : ""
    eval said_once
}
unset multiplot
