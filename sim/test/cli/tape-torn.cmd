# A tape that was cut off says so, wherever the cut fell; so does one with a line that is none.
$WT replay $HERE/pass.scn --seed 1 --save-tape tape >/dev/null
grep -n ^text tape >/dev/null && echo written
head -n 6 tape >torn; $WT replay --tape torn; echo $?
printf '%s\nnet-delay n1->n2' "$(head -n 6 tape)" >torn; $WT replay --tape torn; echo $?
printf '%s\nnet-delay n1->n2 0 12x\n' "$(head -n 6 tape)" >torn; $WT replay --tape torn; echo $?
$WT replay --tape nowhere; echo $?
