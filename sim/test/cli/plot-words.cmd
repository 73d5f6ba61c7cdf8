# Words of a result file are words of the figure, whatever they mean to gnuplot or to a shell.
title() { printf '{"scenario":"%s.scn","variant":"","seed":"1","verdict":"pass","check":"","detail":"","digest":"%032x","simulated_ns":1000000000,"events":1,"text":"1","title":"%s","setup":"5 nodes; `touch ran`","latency":{"commit":{"n":1,"timeouts":0,"max":200000,"buckets":[[241,1]]}}}\n' "$1" 1 "$2"; }
(echo '{"wavetank":1,"revision":"`touch ran`","settings":"reads=`touch ran`"}'; title a '`touch ran`'; title b "it's \\\\n \$(touch ran) %s @panels \\\"q\\\" {/Bold x} ^a_b ~ #c"; title c 'system(touch ran)') >r
for o in o '< touch ran; #' '| touch ran; #' 'o`touch ran`' "it's"; do $WT plot r -o "$o" >out; echo "$?: $(ls "$o" | tr '\n' ' ')"; done
grep -o '>[^<]*[`@][^<]*<' o/commit.svg | sort -u
ls
