/* SPDX-License-Identifier: MIT */
/* What every table of options shares. */
#ifndef WT_OPTION_ROWS_H
#define WT_OPTION_ROWS_H

#include "sut.h"

void option_rows_default(const struct option_row *, void *options);

#endif
