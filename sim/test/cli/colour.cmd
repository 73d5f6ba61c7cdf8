# Colours only where they are asked for, or on a terminal; never where NO_COLOR says so.
plain() { if LC_ALL=C grep -q "$(printf '\033')" "$@"; then echo coloured; else echo plain; fi; }
tty() { TERM=${TERM_IS-xterm} script -qec "$1" /dev/null; }
printf 'wavetank 1\nscenario "t"\nnodes n1..n3\nexpct leader\n' >wrong.scn
cp $HERE/fail.scn $HERE/pass.scn .
unset NO_COLOR; $WT run fail.scn pass.scn >o 2>&1; plain o
$WT run fail.scn pass.scn --color=always >o 2>&1; plain o; grep -v "^    [># ]  *[0-9/]" o | sed "s/$(printf '\033')/ESC/g" | grep -e FAIL -e PASS -e passed -e '\^' -e ' in '
$WT run wrong.scn --color=always 2>&1 | sed "s/$(printf '\033')/ESC/g"
$WT sweep fail.scn --seeds 1..2 --color=always --out r 2>/dev/null | sed "s/$(printf '\033')/ESC/g" | tail -n 6
$WT sweep nothing --color=always 2>&1 | sed "s/$(printf '\033')/ESC/g"
$WT report none.jsonl --color=always 2>&1 | sed "s/$(printf '\033')/ESC/g"
# Data is never coloured.
for how in "run fail.scn --json" "run fail.scn --tap" "run fail.scn --junit j.xml --json" "trace pass.scn --to jsonl"; do $WT $how --color=always 2>/dev/null | plain; done; plain j.xml
export WT; tty '$WT run fail.scn' | plain; tty '$WT run fail.scn --color=never' | plain; NO_COLOR=1 tty '$WT run fail.scn' | plain; NO_COLOR= tty '$WT run fail.scn' | plain; TERM_IS=dumb tty '$WT run fail.scn' | plain
NO_COLOR=1 $WT run fail.scn --color=always | plain
$WT run fail.scn --color=blue; echo $?
# The bar: none where it is no terminal, or --quiet.
bar() { LC_ALL=C grep -c "$(printf '\r')\[\{0,1\}[# ]*\]\{0,1\} *[0-9]*/[0-9]* "; }
tty '$WT sweep pass.scn --seeds 1..3 2>&1 >/dev/null' | bar; tty '$WT sweep pass.scn --seeds 1..3 --quiet 2>&1 >/dev/null' | bar; $WT sweep pass.scn --seeds 1..3 2>&1 | bar; TERM_IS=dumb tty '$WT sweep pass.scn --seeds 1..3' | bar
tty 'stty cols 40; $WT sweep pass.scn --seeds 1..300 2>&1 >/dev/null' | tr '\r' '\n' | sed "s/$(printf '\033')\[[0-9;]*[Km]//g" | awk 'length > 39 { print "too long: " $0 }'
