$WT --version
