$WT list suts; $WT list sinks; $WT list profiles
