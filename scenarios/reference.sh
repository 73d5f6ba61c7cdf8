#!/bin/sh
# SPDX-License-Identifier: MIT
# The reference, scenarios/README.md, is written by hand but for what stands between comments:
# behind <!-- wavetank list ... --> what that command prints, each link to an example followed by
# its text; behind <!-- contents --> its headings.
#
#     reference.sh            writes these parts anew
#     reference.sh --check    says what is not as it would write it, which examples are missing, and
#                             which belong to nothing
#
# The last line of --check is "N passed, N failed, 0 skipped".
set -u
cd "$(dirname "$0")/.." || exit 99
case ${O:-build} in /*) WT=${O:-build}/wavetank ;; *) WT=../${O:-build}/wavetank ;; esac
cd scenarios || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# Lists and examples.
awk -v wt="$WT" -v missing="$work/missing" '
    function example(path, line, any) {
        while ((getline line <path) > 0)
            if (line !~ /^# SPDX-/) print (any++ ? "" : "[" path "](" path ")\n\n```\n") line
        close(path)
        if (any) print "```"
        else print path >missing
    }
    /^<!-- end -->$/ { inside = 0 }
    !inside { print }
    /^<!-- wavetank list [a-z]+ --markdown -->$/ {
        inside = 1
        command = $0
        gsub(/^<!-- wavetank| -->$/, "", command)
        command = wt command
        while ((command | getline line) > 0) {
            if (line ~ /^\[.*\.scn\]\(.*\)$/) {
                gsub(/^\[|\].*/, "", line)
                example(line)
            } else {
                print line
            }
        }
        if (close(command) != 0) exit 1
    }
    /^<!-- contents -->$/ { inside = 1 }' README.md >"$work/listed" || {
        echo "reference.sh: 'wavetank list' failed" >&2
        exit 1
    }

# Contents: a link a heading, those of the third and fourth level in a line a group.
awk -v broken="$work/broken" '
    function slug(title) {
        title = tolower(title)
        gsub(/[^a-z0-9 _-]/, "", title)
        gsub(/ /, "-", title)
        return title
    }
    function link(title, label) {
        label = title
        sub(/^expect /, "", label)
        if (slug(title) in seen) print "two headings make the link #" slug(title) >broken
        seen[slug(title)] = 1
        return "[" label "](#" slug(title) ")"
    }
    NR == FNR {
        if ($0 == "```" || $0 ~ /^```[a-z]+$/) fenced = !fenced
        if (fenced || $0 !~ /^####? |^## /) next
        title = $0
        sub(/^#+ /, "", title)
        if (/^## /) contents = contents "\n- " link(title)
        else if (/^### /) contents = contents "\n  - " link(title)
        else contents = contents sign link(title)
        sign = /^#### / ? ", " : ": "
        next
    }
    /^<!-- end -->$/ { inside = 0 }
    !inside { print }
    /^<!-- contents -->$/ { inside = 1; print substr(contents, 2) }' "$work/listed" "$work/listed" \
    >"$work/README.md"

if [ "${1:-}" != --check ]; then
    [ ! -s "$work/missing" ] || sed 's|^|no example yet: scenarios/|' "$work/missing" >&2
    cmp -s "$work/README.md" README.md || cat "$work/README.md" >README.md
    exit 0
fi

failed=0
passed=0
say() {
    failed=$((failed + 1))
    echo "$1"
}
touch "$work/missing" "$work/broken"
while read -r path; do
    say "scenarios/$path: missing: each row has a short scenario that uses it; then make reference"
done <"$work/missing"
while read -r why; do say "scenarios/README.md: $why"; done <"$work/broken"
for path in verbs/*.scn conditions/*.scn; do
    if grep -qF "[$path]($path)" "$work/README.md"; then
        passed=$((passed + 1))
    else
        say "scenarios/$path: no row has this name"
    fi
done
if diff -u README.md "$work/README.md" >"$work/diff"; then
    passed=$((passed + 1))
else
    say "scenarios/README.md is not what the tables and the examples make of it: make reference"
    head -n 20 "$work/diff"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
