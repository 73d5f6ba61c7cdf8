$WT run nowhere.scn
