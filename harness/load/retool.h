/* retool.h - a suite's loads driven by other load tools than those that it names.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RETOOL_H
#define ABACUS_RETOOL_H

#include "base/err.h"
#include "model/suite.h"

/* How many requests of a tool that counts requests stand for a second of one that counts time:
 * about what one thread does on loopback with a connection for each. */
enum { REQUESTS_FOR_A_SECOND = 20000 };

/* `names` is one tool, "wrk", or several, "ab,wrk". One takes the place of the tool of each
 * load; with several each load is there once for each of them, as NAME-TOOL, and what the suite
 * compares is as the first of them sees it. A load keeps its page, its concurrency, and whether
 * connections are kept: wrk and h2load send "Connection: close" where ab makes a connection for
 * each request. 0; or -1 with the reason: no tool of that name, or one twice. */
int suite_retool(struct suite *suite, const char *names, struct err *err);

#endif
