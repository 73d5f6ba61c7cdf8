# A tape of another version is no fuzzer's bytes; one that was cut off is no shorter scenario.
$WT replay $HERE/pass.scn --seed 1 --save-tape t >/dev/null
sed '1s/1$/2/' t >u; $WT replay --tape u; echo $?
sed '1s/ .*/ one/' t >u; $WT replay --tape u; echo $?
head -c $(($(wc -c <t) - 30)) t >u; $WT replay --tape u 2>&1 | sed 's/^u:[0-9]*/u:N/'
(cat t; echo wait 1s) >u; $WT replay --tape u 2>&1 | sed 's/^u:[0-9]*/u:N/'
(sed 's/^text .*/text/' t; echo wait 1s) >u; $WT replay --tape u
head -c 100 /dev/zero | cat t - >u; $WT replay --tape u 2>&1 | sed 's/^u:[0-9]*/u:N/'
