$WT sweep --help
