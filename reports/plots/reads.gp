# SPDX-License-Identifier: MIT
# A panel a weather, a curve a kind of read. Given: data, heading, meaning, n, kinds, floor_ms, ceiling, rarest, timeouts, panel0, panel1, ...
rows = n > 2 ? 2 : 1
columns = (n + rows - 1) / rows
figure_width = columns > 1 ? 1150 : 760
figure_height = rows > 1 ? 900 : 520
load scripts . "/style.gp"
array panels[8]
do for [i = 0:n - 1] { eval sprintf("panels[%d] = panel%d", i + 1, i) }
unset bmargin; unset tmargin; unset lmargin; unset rmargin
set multiplot layout rows, columns title heading font sized(17) margins 0.08, 0.97, 0.16, 0.85 spacing 0.09, 0.13
set label 98 meaning . "; the slowest ones are on the right" at screen 0.5, screen 0.915 center font sized(11) textcolor rgb "#555555"
set logscale x 10
set logscale y 10
set xrange [1:rarest]
set yrange [floor_ms / 1.3:ceiling * 1.2]
eval latency_axis
eval "set xtics " . percentile_tics
set key at screen 0.5, screen 0.05 bottom center Left reverse horizontal maxrows 1 samplen 3 width -3
do for [p = 0:n - 1] {
    set title panels[p + 1]
    plot for [k = 0:kinds - 1] data index p * kinds + k using 3:1 with lines lt k + 1 title columnheader(1)
    unset label 100
    unset label 98
    unset key
}
unset multiplot
