$WT --help
