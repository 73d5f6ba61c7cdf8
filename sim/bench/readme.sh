#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts the figures of reports/out/bench.jsonl (make bench) into README.md, between its two marks.
set -eu
cd "$(dirname "$0")/../.."
from=reports/out/bench.jsonl
[ -s "$from" ] || { echo "readme.sh: $from is not there: make bench first" >&2; exit 2; }
table=$(awk '
    function number(x,   s) {                 # 1234567 -> 1,234,567; small ones as they are
        if (x !~ /^[0-9]+$/) return x
        for (s = ""; length(x) > 3; x = substr(x, 1, length(x) - 3))
            s = "," substr(x, length(x) - 2) s
        return x s
    }
    function round(x, to) { return number(sprintf("%d", int(x / to + 0.5) * to)) }
    {
        split($0, part, /[":,}]+/)
        value[part[3]] = part[5]
    }
    function row(what, ours, theirs) { printf "| %s | %s | %s |\n", what, ours, theirs }
    END {
        print "| per CPU-second, five voters | wavetank | libraft'"'"'s fixture |"
        print "|---|---|---|"
        row("loaded, one entry a message: events (its steps)",
            round(value["loaded5_events_per_s"], 10000),
            round(value["fixture_loaded5_snap_steps_per_s"], 10000))
        row("the same: committed entries", round(value["loaded5_entries1_per_s"], 1000),
            round(value["fixture_loaded5_snap_entries_per_s"], 1000))
        row("loaded, at most 16 entries a message: committed entries",
            round(value["loaded5_entries16_per_s"], 1000),
            round(value["fixture_loaded5_snap_batch16_entries_per_s"], 1000))
        row("loaded, the log not cut: committed entries",
            round(value["loaded5_entries16_per_s"] * value["loaded5_flatness"], 1000) \
                " at 1,000,000 entries",
            round(value["fixture_loaded5_log1000_entries_per_s"], 10) " at 1,000")
        row("idle, heartbeat 100 ms: simulated seconds",
            round(value["idle5_simulated_s_per_s"], 1000),
            round(value["fixture_idle5_simulated_s_per_s"], 1000))
        row("fork of a world with 1,000 entries",
            sprintf("%.1f us, %d KiB: %.2f times a memcpy of as much", value["fork5_us"],
                value["world5_bytes"] / 1024, value["ratio_fork5_to_copy"]), "")
        row("the floor: heap push and pop, and the hash of a 64-byte record",
            sprintf("%d ns", value["floor_ns"]), "")
    }' "$from")
awk -v table="$table" '
    /^<!-- figures/ { print; print table; skip = 1 }
    /^<!-- end of figures/ { skip = 0 }
    !skip { if (!/^<!-- figures/) print }
' README.md >README.md.new
mv README.md.new README.md
