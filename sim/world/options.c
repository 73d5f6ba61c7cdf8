/* SPDX-License-Identifier: MIT */
/* The host's options as a table: see options.def. */
#include "world.h"

#include "../sut/option_rows.h"

const struct option_row host_option_rows[] = {
#define OPTIONS struct host_options
#include "../sut/option_rows.inc"
#include "options.def"
#include "../sut/option_rows_end.inc"
    {0},
};

void host_options_default(struct host_options *o) { option_rows_default(host_option_rows, o); }
