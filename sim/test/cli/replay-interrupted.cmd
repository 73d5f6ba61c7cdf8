# ^C and kill end a replay as they end a run: it has no verdict, no tape is kept of a part, and a digest is not compared.
for signal in TERM INT; do
    rm -f o
    # a shell has its background jobs ignore INT
    env --default-signal=INT $WT replay $HERE/long.scn --seed 1 --save-tape t --digest 00000000000000000000000000000000 --trace >o 2>e &
    until [ -s o ]; do sleep 0.02; done
    kill -$signal $!; wait $!; echo $?
    tail -n 2 o | cut -c1-60 | sed 's/^ *[0-9].*/TRACE/; s/seed=.*//'; cat e; ls
done
