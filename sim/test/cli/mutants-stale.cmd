# A diff that no longer applies, one that does not compile, one that does no
# harm, and one that does not say its kind.
fuzz=$HERE/../../../fuzz
mkdir o
ln -s "$(dirname "$WT")/obj" o/obj
ln -s "$WT" o/wavetank
export O="$PWD/o" JOBS=1
line() { sed -n "$1p" "$fuzz/../core/quorum.c"; }
of_quorum() {
    printf '# check: progress\n# kind: %s\n# harm: x.scn 1..1\n' "$1"
    printf -- '--- a/core/quorum.c\n+++ b/core/quorum.c\n@@ -1,2 +1,2 @@\n'
    printf -- '-%s\n+%s\n %s\n' "$2" "$3" "$(line 2)"
}
of_quorum safety 'what does not stand there' '' >stale.diff
of_quorum safety "$(line 1)" 'int (' >broken.diff
of_quorum safety "$(line 1)" '' >harmless.diff
of_quorum serious "$(line 1)" '' >odd.diff
for diff in stale broken harmless odd; do
    echo "-- $diff"
    RUNS=1 "$fuzz/score.sh" "$PWD/$diff.diff" >told && echo "and score ends with 0"
    grep ^FAILED told
done
for diff in stale broken; do
    echo "-- $diff, canary"
    "$fuzz/canary.sh" "$PWD/$diff.diff" | sed 's/, [0-9.]* + [0-9.]* s$//'
done
echo "-- all, blind"
BLIND=1 "$fuzz/canary.sh" "$PWD/stale.diff" "$PWD/broken.diff" "$PWD/harmless.diff"
echo "exit $?"
