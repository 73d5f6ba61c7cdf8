$WT plot; echo $?; $WT plot nowhere.jsonl; echo $?; : >e; $WT plot e -o d
