#!/bin/sh
# SPDX-License-Identifier: MIT
# Scenarios that say what they prove pass as they stand, and must fail, by safety, expectation or
# liveness, without it:
#
#     proofs.sh options [FILE...]     "# proves option NAME": with the option the other way, which
#                                     is off, or on where its name begins with unsafe-; "# proves
#                                     option NAME=VALUE" names the other way itself
#     proofs.sh mutants [FILE...]     "# proves mutant E03": run by the mutant
#                                     fuzz/mutants/E03-*.diff, as the canary has built it
#     proofs.sh calm [FILE...]        every file, each of its variants: with its faults taken away
#                                     (run --calm) it fails an expectation or makes no progress, and
#                                     so shows that it sees them; "# calm-ok: WHY" in its header
#                                     says why it need not
#
# Without files: all of scenarios/. The last line is "N passed, N failed, 0 skipped".
set -u
cd "$(dirname "$0")/../.." || exit 99
O=${O:-build}
what=${1:-options}
[ $# -gt 0 ] && shift
passed=0
failed=0
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(find scenarios -name '*.scn' | LC_ALL=C sort)

# must_fail WHY PROGRAM ARGUMENT...
# A golden block that tells another story proves nothing: some other check must fail.
must_fail() {
    why=$1
    shift
    told=$("$@" 2>/dev/null)
    code=$?
    if { [ $code -eq 1 ] || [ $code -eq 3 ]; } &&
        printf '%s\n' "$told" | grep '^FAIL ' | grep -qv '^FAIL golden '; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$file: $why it should fail, and ends with $code"
    fi
}

option() {
    case $1 in
    *=*) set_to=$1 ;;
    unsafe-*) set_to=$1=on ;;
    *) set_to=$1=off ;;
    esac
    must_fail "with --set $set_to" "$O/wavetank" run "$file" --set "$set_to"
}

mutant() {
    for diff in fuzz/mutants/"$1"-*.diff; do
        program=$O/mutants/$(basename "$diff" .diff)/wavetank
        must_fail "under mutant $1" "$program" run "$file"
    done
}

# All files in one run without faults, a line each: what there is, what its header says, what its
# variants come to.
calm() {
    result='^{"scenario":"\([^"]*\)","variant":"\([^"]*\)".*"verdict":"\([a-z]*\)".*'
    {
        printf 'file\t%s\n' "$@"
        grep -H '^# calm-ok' "$@" | sed 's/^\([^:]*\):# calm-ok/excuse\t\1\t/'
        "$O/wavetank" run "$@" --calm --json 2>/dev/null |
            sed -n "s/$result/run\t\1\t\2\t\3/p"
    } | awk -F '\t' '
        function complain(why) { print f ": " why; bad++ }
        $1 == "file" { file[++n] = $2 }
        $1 == "excuse" { excuse[$2] = $3 }
        $1 == "run" {
            runs[$2]++
            if ($4 == "pass" && $3 != "") blind[$2] = blind[$2] (blind[$2] == "" ? " in " : ", ") $3
            if ($4 == "pass") passes[$2]++
            else if ($4 != "expectation" && $4 != "liveness") odd[$2] = $4
        }
        END {
            for (i = 1; i <= n; i++) {
                f = file[i]
                if (!runs[f]) odd[f] = "error"
                before = bad
                if (odd[f] != "")
                    complain("without its faults it ends in " odd[f] \
                        ": look at wavetank run " f " --calm")
                else if (f in excuse && excuse[f] !~ /^: *[^ ]/)
                    complain("it says calm-ok, but not why: write # calm-ok: WHY")
                else if (f in excuse && !passes[f])
                    complain("it says calm-ok, and fails without its faults: take that line out")
                else if (!(f in excuse) && passes[f])
                    complain("it passes without its faults" blind[f] \
                        ": expect what only they bring about" \
                        " (or write # calm-ok: WHY in the header)")
                good += bad == before
            }
            print good + 0 " passed, " bad + 0 " failed, 0 skipped"
            exit bad > 0
        }'
}

if [ "$what" = calm ]; then
    calm "$@"
    exit
fi
for file; do
    for named in $(sed -n "s/^#* *proves ${what%s}  *\([^ ]*\).*/\1/p" "$file"); do
        "${what%s}" "$named"
    done
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
