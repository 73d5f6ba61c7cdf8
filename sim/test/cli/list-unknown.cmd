$WT list faluts
