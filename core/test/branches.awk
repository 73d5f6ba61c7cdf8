# SPDX-License-Identifier: MIT
# Reads what `gcov -b -c -t` says of one or more objects and prints, of every branch of core/ in
# the order of the sources, how often it was taken and its key: file, function, text of the line,
# which line of that text in the function it is, number of the branch in the line; between tabs. A
# function of a header is in several objects: its counts add up.
/^ +-: +0:Source:/ {
    file = $0
    sub(/.*Source:/, "", file)
    fn = ""
    next
}
/^function / {
    fn = $2
    split("", lines)
    next
}
/^branch / {
    if (file !~ /^core\// || fn == "")
        next
    key = file "\t" fn "\t" text "\t" lines[text] "\t" branch++
    if (!(key in taken))
        keys[++n] = key
    taken[key] += $3 == "never" ? 0 : $4
    next
}
/^ *[^ :]+: *[0-9]+:/ {
    text = $0
    sub(/^ *[^ :]+: *[0-9]+:/, "", text)
    gsub(/[ \t]+/, " ", text)
    gsub(/^ | $/, "", text)
    lines[text]++
    branch = 0
}
END {
    for (i = 1; i <= n; i++)
        print taken[keys[i]] "\t" keys[i]
}
