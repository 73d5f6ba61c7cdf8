# SPDX-License-Identifier: MIT
# What all figures share: paper, colours, and where panels stand. Given by the caller (plot_draw.c): kind ("svg" or "png"), out, heading,
# meaning, setup, source; figure_width, figure_height, columns, panel_width, panel_height, plot_height, title_height, head_height, line_height, all in px;
# panels, and for each of them (from 1) title[p], first[p], count[p]; for each line (from 1) legend[i], colour[i], and row[i]: at which line of
# its panel's legend it stands, from 0.
set encoding utf8
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
tic_font = sized(columns > 1 ? 8 : 10)
set tics nomirror out font tic_font textcolor rgb "#222222"
set xtics offset 0, 0.5
unset key
set grid xtics ytics lt 1 lc rgb "#dddddd" lw 1 dt 1

# Screen coordinates of px from the left and from the top.
sx(px) = px / (figure_width + 0.0)
sy(px) = 1 - px / (figure_height + 0.0)
set label 97 heading at screen 0.5, screen sy(22) center font sized(15)
set label 98 meaning at screen 0.5, screen sy(46) center font sized(10) textcolor rgb "#555555"
set label 99 setup at screen 0.5, screen sy(66) center font sized(9) textcolor rgb "#555555"
set label 100 source at screen sx(figure_width - 12), screen sy(figure_height - 10) right font sized(8) textcolor rgb "#777777"

# Where panel p (from 1) and what belongs to it stands: the title above, the legend below the axis.
left_of(p) = ((p - 1) % columns) * panel_width
top_of(p) = head_height + ((p - 1) / columns) * panel_height
axis_height = 48
place(p) = sprintf("set lmargin at screen %f; set rmargin at screen %f; set tmargin at screen %f; set bmargin at screen %f; ", \
        sx(left_of(p) + (columns > 1 ? 74 : 92)), sx(left_of(p) + panel_width - 18), sy(top_of(p) + title_height), sy(top_of(p) + title_height + plot_height)) \
    . sprintf("set label 95 title[%d] at screen %f, screen %f left font sized(9) textcolor rgb '#222222'; ", p, sx(left_of(p) + 14), sy(top_of(p) + 9)) \
    . sprintf("legend_x = %d; legend_y = %d", left_of(p) + 14, top_of(p) + title_height + plot_height + axis_height)
# One entry of a panel's legend, which may have several lines: what a key cannot.
legend_entry(i, k) = sprintf("set arrow %d from screen %f, screen %f to screen %f, screen %f nohead lt %d; ", \
        200 + k, sx(legend_x), sy(legend_y + (row[i] + 0.5) * line_height), sx(legend_x + 32), sy(legend_y + (row[i] + 0.5) * line_height), colour[i]) \
    . sprintf("set label %d legend[%d] at screen %f, screen %f left font sized(9) textcolor rgb '#222222'", \
        200 + k, i, sx(legend_x + 42), sy(legend_y + (row[i] + 0.5) * line_height))
# Words that stand once on a page go after its first panel.
said_once = "unset label 97; unset label 98; unset label 99; unset label 100"

# An axis of latencies in ms, named so that a reader does not count zeros; where operations timed out, its top says so.
tic_values = "0.001 0.003 0.01 0.03 0.1 0.3 1 3 10 30 100 300 1000 3000 10000 30000 100000 300000"
tic_names = "1µs 3µs 10µs 30µs 0.1ms 0.3ms 1ms 3ms 10ms 30ms 0.1s 0.3s 1s 3s 10s 30s 100s 300s"
latency_axis(ceiling, timeouts) = "set ytics (" . latency_tics(1, ceiling, timeouts) . (timeouts ? sprintf("\"timed out\" %g", ceiling) : "\"\" 1e30") . ")"
latency_tics(i, ceiling, timeouts) = i > words(tic_values) ? "" : \
    (word(tic_values, i) + 0 < ceiling || !timeouts ? sprintf("\"%s\" %s, ", word(tic_names, i), word(tic_values, i)) : "") . latency_tics(i + 1, ceiling, timeouts)

# 1/(1 - share) on a logarithmic axis.
percentile_tics = '("" 1, "50 %%" 2, "90 %%" 10, "99 %%" 100, "99.9 %%" 1000, "99.99 %%" 10000, "99.999 %%" 100000, "99.9999 %%" 1000000)'
