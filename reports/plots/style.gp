# SPDX-License-Identifier: MIT
# What all figures share. Given by the caller: kind ("svg" or "png"), out, source, ceiling, timeouts.
set encoding utf8
if (!exists("figure_width")) figure_width = 900
if (!exists("figure_height")) figure_height = 620
if (kind eq "svg") {
    set terminal svg size figure_width,figure_height dynamic enhanced font "Helvetica,Arial,sans-serif,14" background rgb "white"
} else {
    set terminal pngcairo size figure_width,figure_height enhanced font "Sans,11" background rgb "white"
}
# A font of so many points. SVG counts in pixels.
sized(points) = sprintf(",%d", kind eq "svg" ? (points * 4 + 1) / 3 : points)
set termoption noenhanced
set output out

# Okabe and Ito's colours, which colour-blind readers tell apart; dashes tell them apart on paper.
set linetype 1 lc rgb "#0072b2" lw 2.4 dt 1
set linetype 2 lc rgb "#d55e00" lw 2.4 dt (12,4)
set linetype 3 lc rgb "#009e73" lw 2.4 dt (4,3)
set linetype 4 lc rgb "#cc79a7" lw 2.4 dt (12,4,3,4)
set linetype 5 lc rgb "#e69f00" lw 2.4 dt 1
set linetype 6 lc rgb "#56b4e9" lw 2.4 dt (12,4)
set linetype 7 lc rgb "#000000" lw 1.8 dt (4,3)
set linetype 8 lc rgb "#7f7f7f" lw 1.8 dt 1
set linetype cycle 8

set border 3 lc rgb "#444444"
set tics nomirror out textcolor rgb "#222222"
set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt 1
set label 100 source at screen 0.985, screen 0.02 right font sized(9) textcolor rgb "#777777"

# The legend stands below the figure, where it hides no data.
if (!exists("legend_columns")) legend_columns = 2
legend_rows = exists("curves") ? (curves + legend_columns - 1) / legend_columns : 1
legend_height = 0.04 * legend_rows
set key at screen (legend_columns > 1 ? 0.1 : 0.02), screen 0.05 bottom left Left reverse horizontal maxcols legend_columns samplen 3 textcolor rgb "#222222"
set bmargin at screen 0.18 + legend_height
set tmargin at screen 0.87
set lmargin at screen 0.13
set rmargin at screen 0.97

# An axis of latencies in ms, named so that a reader does not count zeros; where operations timed out, its top says so.
tic_values = "0.001 0.003 0.01 0.03 0.1 0.3 1 3 10 30 100 300 1000 3000 10000 30000 100000"
tic_names = "1µs 3µs 10µs 30µs 0.1ms 0.3ms 1ms 3ms 10ms 30ms 0.1s 0.3s 1s 3s 10s 30s 100s"
latency_axis = "set ytics ("
do for [i = 1:words(tic_values)] {
    if (word(tic_values, i) + 0 < ceiling || !timeouts) {
        latency_axis = latency_axis . (i > 1 ? ", " : "") . sprintf("\"%s\" %s", word(tic_names, i), word(tic_values, i))
    }
}
if (timeouts) { latency_axis = latency_axis . sprintf(", \"timed out\" %g", ceiling) }
latency_axis = latency_axis . ")"

# 1/(1 - share) on a logarithmic axis.
percentile_tics = '("50 %%" 2, "90 %%" 10, "99 %%" 100, "99.9 %%" 1000, "99.99 %%" 10000, "99.999 %%" 100000, "99.9999 %%" 1000000)'
