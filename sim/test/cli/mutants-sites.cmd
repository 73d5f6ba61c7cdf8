# What each operator makes of a line; and what is passed over: comments, strings, asserts, heads.
mkdir core
cat >core/sample.c <<'END'
/* if (a < b) in a comment */
static int sample(int a, int b)
{
    assert(a < 9);
    int n = raft_min(a, b) + 1;
    while (a <= b && n != 7) {    // a trap: the brace
        a = other(b, n);
        note("n < 1");
    }
    if (granted)
        r->role = RAFT_LEADER;
    return n - 1;
}
END
awk -f "$HERE/../../../fuzz/operators.awk" core/sample.c
