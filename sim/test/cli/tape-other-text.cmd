# Text that is no tape is refused: nobody's scenario is a fuzzer's bytes. Those that happen to be text take --raw.
try() { echo "-- $*"; $WT replay --tape "$@" 2>&1; echo "  exit $?"; }
try $HERE/pass.scn
$WT replay $HERE/pass.scn --seed 1 --save-tape tape >/dev/null
(printf '\357\273\277'; cat tape) >bom; try bom
(printf '\377\376'; sed 's/./&\x00/g' tape) >wide; try wide
printf 'wavetank-ta' >cut; try cut
(head -n 3 $HERE/pass.scn; printf '# \344\n') >latin; try latin
printf 'hello\n' >words; try words
try words --raw
$WT replay $HERE/pass.scn --seed 1 --raw 2>&1
