"$WT" fmt --help
