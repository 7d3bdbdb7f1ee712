/* request_log.h - how long each single request took, as h2load logs it: from a line for each
 * to their percentiles.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_REQUEST_LOG_H
#define ABACUS_REQUEST_LOG_H

#include "base/err.h"
#include "load/tool.h"

/* Fills the percentiles and the total time of `result`, whose `complete` says how many requests
 * the log must have. The log is then replaced by the table of percentiles that ab -e would have
 * written: it has 26 bytes for each request, and nothing else is made of it. 0; or -1 with the
 * reason, the log then staying as it is. */
int request_log_take(struct tool_result *result, const char *path, struct err *err);

#endif
