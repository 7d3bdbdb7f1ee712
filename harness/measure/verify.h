/* verify.h - did the load tool get what the server owes? A load tool does not ask.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_VERIFY_H
#define ABACUS_VERIFY_H

#include "base/err.h"
#include "load/tool.h"

/* Holds what the tool counted against the reply that a probe got, head_size and body_size
 * bytes: no request failed, none was answered but with 2xx, and every byte came, since ab
 * compares bodies with the first reply only and calls a server that sends nothing perfect.
 * A count that the tool does not give (-1) is not held against anything.
 * 0, or -1 and what is wrong, in words. */
int verify_result(const struct tool_result *result, size_t head_size, size_t body_size,
                  struct err *err);

#endif
