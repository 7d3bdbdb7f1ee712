/* summary_json.h - what came out of a run, for programs: summary.json.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUMMARY_JSON_H
#define ABACUS_SUMMARY_JSON_H

#include "report/view.h"

#include <stdio.h>

/* Writes it as harness/summary.schema.json has it. */
void summary_json_write(FILE *out, const struct report *report);

#endif
