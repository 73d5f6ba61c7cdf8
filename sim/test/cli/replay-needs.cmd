$WT replay $HERE/pass.scn
