/* check.h - tries the server contract on servers, check by check.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CHECK_H
#define ABACUS_CHECK_H

#include "model/run.h"
#include "subject/finding.h"

#include <stddef.h>

enum check_verdict {
    CHECK_OK,
    CHECK_FAILED,
    CHECK_NOTED,     /* not as the contract has it, but as it says ("blocks: …") */
    CHECK_NOT_TRIED, /* it does not start */
};

struct check_result {
    const struct run_server *server;
    const char *name; /* of the check */
    enum check_verdict verdict;
    struct finding finding; /* what is wrong, if failed or noted */
};

/* Tries every check on a server, or only the one of that name if it is not NULL, and reports
 * each as it ends; of a server that says "only: GET /", those of that page. Ends early when
 * the user interrupts. */
void check_server(const struct run_server *server, const char *only,
                  void (*report)(const struct check_result *result, void *data),
                  void *data);

/* Tries every check on every server that is not missing, and prints a line per check and a
 * summary. Returns how many failed; at least 1 if the user interrupted. */
int check_servers(const struct run_server *servers, size_t count);

#endif
