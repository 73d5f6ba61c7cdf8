# SPDX-License-Identifier: MIT
#
# The table and the sums of fuzz/score.sh, from its rows: group, name, kind, calm, first run, CPU
# seconds to it, failing, runs, open, caught by, harm, not inside, outside alone, named by, what is
# wrong with the diff; separated by tabs.
#
#   awk -f fuzz/score.awk ROWS
#   awk -f fuzz/score.awk -v settled=HITS/RUNS /dev/null
#
# Exits 1 where something is wrong with a diff or a target is not met; the second prints nothing, and
# exits 1 where 1 % lies in the interval.
BEGIN {
    FS = "\t"
    if (settled != "") {
        split(settled, share, "/")
        wilson(share[1], share[2])
        exit
    }
    printf "%-42s %-8s %-4s %5s %7s  %-28s %4s %-8s %-8s %-28s %-28s %s\n", "defect", "kind", "calm",
        "run", "CPU s", "failing runs (95 %)", "open", "caught", "harm", "not inside", "outside alone",
        "named by"
}

# The interval of Wilson that holds the true share in 95 of 100: from `least` to `most`.
function wilson(k, n,    z2, middle, half, all) {
    least = 0
    most = 1
    if (n == 0) return
    z2 = 1.959964 ^ 2
    all = 1 + z2 / n
    middle = (k / n + z2 / (2 * n)) / all
    half = sqrt(z2 * (k * (n - k) / n + z2 / 4)) / n / all
    if (k > 0) least = middle - half
    if (k < n) most = middle + half
}

$15 != "" {
    printf "FAILED  %s: %s\n", $2, $15
    wrong = 1
    next
}
{
    wilson($7, $8)
    printf "%-42s %-8s %-4s %5s %7s  %-28s %4d %-8s %-8s %-28s %-28s %s\n", $2, $3, $4, $5, $6,
        sprintf("%d/%d (%.1f .. %.1f %%)", $7, $8, 100 * least, 100 * most), $9, $10, $11, $12,
        $13, $14
    add($1)
    add("all")
    if ($3 == "safety" && $7 < $8 / 100)
        below = below sprintf("  %s %d/%d\n", $2, $7, $8)
    if ($3 != "safety" && $10 == "-") missed = missed "  " $2 "\n"
}

function add(g) {
    if ($3 == "safety") {
        n[g, "safety"]++
        n[g, "often"] += $7 >= $8 / 100
        n[g, "seen"] += $7 > 0
        n[g, "calm"] += $4 == "fail"
        if ($12 != "") {
            n[g, "outside"]++
            n[g, "not inside"] += $12 != "-"
            n[g, "outside alone"] += $13 != "-"
        }
    } else {
        n[g, "else"]++
        n[g, "caught"] += $10 != "-"
        n[g, "by verdict"] += $10 == "rule" || $10 == "safety"
        n[g, "against"] += $10 == "against"
    }
    if ($5 != "-") {
        n[g, "first"]++
        n[g, "soon"] += $6 <= 5
    }
}

# A line of sums: what, of which, the least percentage of the last group that meets the target.
function sum(text, part, whole, target,    g, i, line, of) {
    line = sprintf("%-58s", text)
    for (i = 1; i <= groups; i++) {
        g = group[i]
        of = n[g, whole] + 0
        line = line sprintf(" %9s %-6s", of ? n[g, part] + 0 "/" of : "-",
            of ? sprintf("%.1f %%", 100 * n[g, part] / of) : "")
    }
    if (target > 0 && of > 0) {
        line = line sprintf(" target %d %%", target)
        if (100 * n["all", part] < target * of) {
            line = line ": NOT MET"
            wrong = 1
        }
    }
    print line
}

END {
    if (settled != "") exit least <= 0.01 && 0.01 <= most
    groups = split("mutant drawn thought all", group, " ")
    printf "\n%-58s", "sums"
    for (i = 1; i <= groups; i++) printf " %-16s", "        " group[i]
    print ""
    sum("safety: at least 1 % of the runs fail", "often", "safety", 95)
    sum("safety: any run fails", "seen", "safety")
    sum("liveness and cost: caught", "caught", "else", 60)
    sum("    by a verdict", "by verdict", "else")
    sum("    by sweep --against alone", "against", "else")
    sum("first kills within five CPU seconds", "soon", "first", 90)
    sum("safety, harm shown outside: caught, not looking inside", "not inside", "outside", 85)
    sum("safety, harm shown outside: caught, from outside alone", "outside alone", "outside")
    if (below != "") print "\nsafety defects by which less than 1 % of the runs fail:\n" below
    if (missed != "") print "\ndefects of liveness and cost that nobody saw:\n" missed
    exit wrong
}
