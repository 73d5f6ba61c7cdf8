$WT
