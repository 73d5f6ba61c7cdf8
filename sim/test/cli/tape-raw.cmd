for i in 0 1 2 3; do printf "\\$i\\1\\1\\2\\1\\1\\1\\1\\3\\2\\1\\1\\0\\377\\377\\370" >raw; $WT replay --tape raw | cut -d " " -f 1; done
: >empty; $WT replay --tape empty | cut -d " " -f 1,2
