# Titles and names that are no UTF-8, or that a reader of XML, JSON or TAP would take for something else.
title() { printf 'wavetank 1\nscenario "%b"\nnodes n1..n3\nexpect leader n2 within 1ms\n' "$1" >"$2"; }
title 'a\0377b \0355\0240\0200 \0300\0200 \0364\0220\0200\0200 \0357\0277\0276 \0303\0274 \0342\0202' "$(printf 'bad\377name.scn')"
title 'a \0033[31mred\0001 & <b> ]]>' 'a # TODO b.scn'
title 'plain' "$(printf 'two\nlines # SKIP.scn')"
utf8() { iconv -f UTF-8 -t UTF-8 "$1" >/dev/null && echo "$1 is UTF-8"; }
$WT run *.scn --junit j.xml >/dev/null 2>e; echo $?; utf8 j.xml; grep -c testcase j.xml; LC_ALL=C grep -c "$(printf '[\001-\010\013-\037]')" j.xml; LC_ALL=C grep -c "$(printf '\357\277\276')" j.xml
$WT run *.scn --json >j.json 2>/dev/null; utf8 j.json; wc -l <j.json
$WT run *.scn --tap >t 2>/dev/null; LC_ALL=C grep -v '^#' t | LC_ALL=C tr '\377' '?'; LC_ALL=C grep -vc -e '^#' -e '^not ok' -e '^TAP' -e '^1\.\.' t
# A result file of such a name is gone on with.
$WT sweep bad*.scn --seeds 1..2 --out r >/dev/null 2>&1; utf8 r; $WT sweep bad*.scn --seeds 1..3 --out r --resume 2>/dev/null | grep -o '[0-9] runs were in the file'
