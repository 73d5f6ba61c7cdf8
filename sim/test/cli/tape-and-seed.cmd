$WT replay --tape x --seed 1
