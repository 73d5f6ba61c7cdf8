/* SPDX-License-Identifier: MIT */
/* The table behind faults.def. */
#include "fault.h"

#include <stddef.h>

#define FAULT(symbol) extern const struct fault symbol;
#include "faults.def"
#undef FAULT

const struct fault *const faults[] = {
#define FAULT(symbol) &symbol,
#include "faults.def"
#undef FAULT
    NULL,
};

_Static_assert(sizeof faults / sizeof faults[0] - 1 <= FAULT_ROWS, "a row for every kind");

const char *fault_name(uint8_t row)
{
    return row < sizeof faults / sizeof faults[0] - 1 ? faults[row]->name : "?";
}
