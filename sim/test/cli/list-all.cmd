for t in verbs faults checks options messages; do $WT list $t | awk "NF > 1" | wc -l | grep -q "[1-9][0-9]" && echo $t; done
