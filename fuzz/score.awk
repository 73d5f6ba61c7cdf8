# SPDX-License-Identifier: MIT
#
# The table and the sums of fuzz/score.sh, from its rows: group, name, kind, calm, first run, CPU
# seconds to it, failing, runs, open, caught by, harm, not inside, outside alone, named by, what is
# wrong with the diff, runs that differ from those without it; separated by tabs.
#
#   awk -f fuzz/score.awk ROWS
#   awk -f fuzz/score.awk -v settled=HITS/RUNS /dev/null
#
# Exits 1 where something is wrong with a diff or a target is not met; the second prints nothing, and
# exits 1 where 1 % lies in the interval.
BEGIN {
    FS = "\t"
    LOOKS = 6
    if (settled != "") {
        split(settled, share, "/")
        interval(share[1], share[2])
        exit
    }
    printf "%-42s %-8s %-4s %5s %7s  %-28s %4s %-8s %-8s %-28s %-28s %s\n", "defect", "kind", "calm",
        "run", "CPU s", "failing runs (95 %)", "open", "caught", "harm", "not inside", "outside alone",
        "named by"
}

# The chance that of n runs, each of which fails with the chance p, at most k do.
function at_most(k, n, p,    i, term, all) {
    if (p <= 0 || k >= n) return 1
    if (p >= 1 || k < 0) return 0
    for (i = done + 1; i <= n; i++) log_of_factorial[i] = log_of_factorial[i - 1] + log(i)
    if (n > done) done = n
    for (i = 0; i <= k; i++) {
        term = log_of_factorial[n] - log_of_factorial[i] - log_of_factorial[n - i]
        all += exp(term + i * log(p) + (n - i) * log(1 - p))
    }
    return all
}

# The interval of Clopper and Pearson: from `least` to `most`. It holds the true share in 95 of 100,
# however often one has looked: each of LOOKS looks may err in 1 of 20 * LOOKS.
function interval(k, n,    err, low, high, p, i) {
    err = 0.05 / LOOKS / 2
    least = 0
    most = 1
    if (n == 0) return
    if (k > 0) {
        low = 0
        high = k / n
        for (i = 0; i < 20; i++) {
            p = (low + high) / 2
            if (1 - at_most(k - 1, n, p) < err) low = p; else high = p
        }
        least = low
    }
    if (k < n) {
        low = k / n
        high = 1
        for (i = 0; i < 20; i++) {
            p = (low + high) / 2
            if (at_most(k, n, p) < err) high = p; else low = p
        }
        most = high
    }
}

$15 != "" {
    printf "FAILED  %s: %s\n", $2, $15
    wrong = 1
    next
}
{
    interval($7, $8)
    printf "%-42s %-8s %-4s %5s %7s  %-28s %4d %-8s %-8s %-28s %-28s %s\n", $2, $3, $4, $5, $6,
        sprintf("%d/%d (%.1f .. %.1f %%)", $7, $8, 100 * least, 100 * most), $9, $10, $11, $12,
        $13, $14
    add($1)
    add("all")
    if ($3 == "safety" && $7 < $8 / 100)
        below = below sprintf("  %-42s %d/%d%s; %s\n", $2, $7, $8,
            most > 0.01 ? ", not settled" : "", differing())
    if ($3 != "safety" && $10 == "-") missed = missed sprintf("  %-42s %s\n", $2, differing())
}

function differing() {
    return $16 == 0 ? "never reached in " $8 " runs" : $16 " of " $8 " runs differ"
}

function add(g) {
    if ($3 == "safety") {
        n[g, "safety"]++
        n[g, "often"] += $7 >= $8 / 100
        n[g, "unsettled"] += least <= 0.01 && 0.01 <= most
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
    sum("    or fewer: not settled", "unsettled", "safety")
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
