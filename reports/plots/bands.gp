# SPDX-License-Identifier: MIT
# Faults as bands, for figures over time: each kind has a lane at the foot of the panel, and all of it is shaded a little while one stands.
# Darker: in more of the runs. Given: lanes, and for each kind of fault (from 1) lane[k], from 0, -1: it is not in the figure; band[k], words.
set y2range [0:1]
unset y2tics
lane_height = lanes > 5 ? 0.2 / lanes : 0.04
# The share of a panel's height that the data leave to them.
lanes_share = lanes * lane_height + (lanes > 0 ? 0.05 : 0)
array band_colour[6] = [0xd55e00, 0xe69f00, 0x0072b2, 0x56b4e9, 0x009e73, 0xcc79a7]
shade(k, share, most) = band_colour[int(k) + 1] + (int(255 * (1 - most * (0.15 + 0.85 * share / 100.0))) << 24)
lane_low(k) = lane[int(k) + 1] * lane_height + lane_height * 0.12
lane_top(k) = (lane[int(k) + 1] + 1) * lane_height - lane_height * 0.12
