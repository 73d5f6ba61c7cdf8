printf 'client   c1 write x 1->ok\n' >write.part
printf 'wavetank 1\nnodes n1\ninclude  "write.part"\nexpect leader n1\n' >whole.scn
"$WT" fmt -w whole.scn write.part && cat whole.scn write.part
printf 'nodes n1\n' >part.scn
"$WT" fmt part.scn
echo "a scenario without its first line: $?"
printf 'print "a\n' >torn.part
"$WT" fmt torn.part
echo "no words: $?"
