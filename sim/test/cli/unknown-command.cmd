$WT swep x.scn
