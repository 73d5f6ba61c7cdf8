# SPDX-License-Identifier: MIT
#
# The places where a mechanical operator can make a defect, one line each:
#
#   awk -f fuzz/operators.awk core/*.c        file, line, column, operator, the line as it would be
#
# separated by tabs, in the order of the text. Which operators there are:
#   negate    if (X), while (X)                     -> if (!(X)), while (!(X))
#   drop      a statement that fills its line       -> ;
#   bound     < and <=, > and >=                    -> the other
#   equal     == and !=                             -> the other
#   logic     && and ||                             -> the other
#   one       + 1, - 1 at the end of an operand     -> without it
#   constant  a number, true, false, a role         -> its neighbour
#   twin      raft_min, _min, granted               -> raft_max, _max, refused, and back
#   swap      two arguments of a call side by side  -> the other way round
#
# What no behaviour hangs on is passed over: comments, strings, preprocessor lines, asserts, notes
# with their arguments, declarations without a value. Whether a line still compiles, and whether two
# arguments are of one type, is for the compiler to say (fuzz/operators.sh).

FNR == 1 { comment = skip = macro = 0; depth = 0 }

# The line with comments and strings made of as many blanks: what stands where, stays there.
function code_of(text,    out, i, c, two, quote) {
    out = ""
    quote = ""
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        two = substr(text, i, 2)
        if (comment) {
            if (two == "*/") { comment = 0; i++; out = out " " }
            out = out " "
        } else if (quote != "") {
            if (c == "\\") { i++; out = out " " } else if (c == quote) quote = ""
            out = out " "
        } else if (two == "/*") {
            comment = 1
            i++
            out = out "  "
        } else if (c == "\"" || c == "'") {
            quote = c
            out = out " "
        } else out = out c
    }
    return out
}

function count(text, c,    n) { n = gsub(c, "", text); return n }

function site(at, len, operator, instead) {
    printf "%s\t%d\t%d\t%s\t%s\n", FILENAME, FNR, at, operator,
        substr($0, 1, at - 1) instead substr($0, at + len)
}

# Every place in the code where `from` stands, at whose left and right edge no word goes on.
function each(from, operator, to,    at, rest, before, after, word) {
    word = "[A-Za-z0-9_]"
    rest = 1
    while ((at = index(substr(code, rest), from)) > 0) {
        at += rest - 1
        before = at > 1 ? substr(code, at - 1, 1) : " "
        after = substr(code, at + length(from), 1)
        if (!(from ~ ("^" word) && before ~ word) && !(from ~ (word "$") && after ~ word))
            site(at, length(from), operator, to)
        rest = at + length(from)
    }
}

# Each for the other.
function both(one, kind, other) {
    each(one, kind, other)
    each(other, kind, one)
}

# The parenthesis that closes the one at `at`; 0: not on this line.
function closing(at,    i, c, deep) {
    for (i = at; i <= length(code); i++) {
        c = substr(code, i, 1)
        if (c == "(") deep++
        if (c == ")" && --deep == 0) return i
    }
    return 0
}

function conditions(word,    at, open, close_) {
    if (!match(code, "(^|[^A-Za-z0-9_])" word " \\(")) return
    open = RSTART + RLENGTH - 1
    close_ = closing(open)
    if (close_ > 0)
        site(open + 1, close_ - open - 1, "negate",
             "!(" substr($0, open + 1, close_ - open - 1) ")")
}

function numbers(    at, rest, n) {
    rest = 1
    while (match(substr(code, rest), /(^|[^A-Za-z0-9_.])[0-9]+u?([^A-Za-z0-9_]|$)/)) {
        at = rest + RSTART - 1
        if (substr(code, at, 1) !~ /[0-9]/) at++
        match(substr(code, at), /^[0-9]+/)
        n = substr(code, at, RLENGTH)
        site(at, RLENGTH, "constant", n + 1)
        rest = at + RLENGTH
    }
}

# Arguments side by side of each call whose parentheses close on this line.
function swaps(    at, rest, open, close_, i, c, deep, n, from) {
    rest = 1
    while (match(substr(code, rest), /[a-z_]+\(/)) {
        open = rest + RSTART + RLENGTH - 2
        rest = open + 1
        close_ = closing(open)
        if (close_ == 0) continue
        n = 0
        deep = 0
        from = open + 1
        for (i = open + 1; i <= close_; i++) {
            c = substr(code, i, 1)
            if (c ~ /[({[]/) deep++
            if ((c == "," && deep == 0) || i == close_) {
                start[++n] = from
                size[n] = i - from
                from = i + 2
            }
            if (c ~ /[)}\]]/) deep--
        }
        for (i = 1; i < n; i++)
            site(start[i], start[i + 1] + size[i + 1] - start[i], "swap",
                 substr($0, start[i + 1], size[i + 1]) ", " substr($0, start[i], size[i]))
    }
}

function statement(text) {
    if (text !~ /;[ ]*$/ || depth_before != 0 || continues) return 0
    if (text ~ /^ *(return|break|continue|case|default|else|for|goto|static|extern|const|struct|enum|bool|int|char|u?int[0-9]+_t)[^A-Za-z0-9_]/)
        return 0
    return text ~ /^    +[A-Za-z_*(+]/
}

{
    code = code_of($0)
    if (macro || code ~ /^#/) { macro = code ~ /\\$/; next }
    depth_before = depth
    depth += count(code, "\\(") - count(code, "\\)")
    if (depth_before == 0) skip = code ~ /(^|[^A-Za-z0-9_])(assert|raft_note|_Static_assert) *\(/
    # A head of a function or a prototype; a declaration without a value; nothing.
    if (skip || code ~ /^[^ ]/ || code !~ /[^ ]/) { continues = 0; next }
    conditions("if")
    conditions("while")
    if (statement(code)) {
        match(code, /^ */)
        site(RLENGTH + 1, length($0) - RLENGTH, "drop", ";")
    }
    both(" < ", "bound", " <= ")
    both(" > ", "bound", " >= ")
    both(" == ", "equal", " != ")
    both(" && ", "logic", " || ")
    each(" + 1", "one", "")
    each(" - 1", "one", "")
    each(" + 1u", "one", "")
    each(" - 1u", "one", "")
    numbers()
    both("true", "constant", "false")
    each("RAFT_FOLLOWER", "constant", "RAFT_PRECANDIDATE")
    each("RAFT_PRECANDIDATE", "constant", "RAFT_CANDIDATE")
    both("RAFT_CANDIDATE", "constant", "RAFT_LEADER")
    both("raft_min", "twin", "raft_max")
    both("election_timeout_min", "twin", "election_timeout_max")
    both("granted", "twin", "refused")
    swaps()
    continues = code !~ /[;{}:] *$/ && code !~ /^ *(if|while|for|else)/
}
