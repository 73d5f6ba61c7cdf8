# What is wrong with a tape: the line, and a caret under the word that is to blame.
try() {
    printf "wavetank-tape 1\nscenario x.scn\nbase zero\nnet-delay n1->n2 1 2\n$1\ntext\nwavetank 1\nnodes n1..n3\nexpect leader within 1s\n" >t
    $WT replay --tape t 2>&1 || echo "  exit $?"
}
try 'net-dealy n1->n2 1 2'
try 'net-delay n1-n2 1 2'
try 'net-delay n1->n2'
try 'net-delay n1->n2 1'
try 'net-delay n1->n2 one 2'
try 'net-delay n1->n2 1 12x'
try 'net-delay n1->n2 1 2 3'
try 'net-delay n1->n9 1 2'
try 'net-delay c7->n1 1 2'
try 'boot n4 0 2'
try 'net-delay n1->n3 1 2\nnet-delay n1->n2 1 7'
try 'scenario'
try 'calm off'
try 'until 1s'
try 'base one'
try 'set prevote'
try 'text 7'
try 'net-delay n1->n3 1 2' | cut -d ' ' -f 1
