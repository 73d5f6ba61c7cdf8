mkdir empty; $WT run empty
