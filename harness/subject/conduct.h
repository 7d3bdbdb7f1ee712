/* conduct.h - the contract beyond one conversation: options, signals, and how a server
 * treats clients that are slow, many, or rude.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CONDUCT_H
#define ABACUS_CONDUCT_H

#include "subject/finding.h"
#include "subject/subject.h"

#include <stdbool.h>
#include <stddef.h>

struct conduct {
    const char *name;
    bool needs_running; /* on a running server; else it starts itself what it needs */
    bool hello;         /* tried on those that have only GET /, too */
    const char *excuse; /* a server that says that it blocks there is excused; or NULL */
    /* 0, or -1 with what is wrong. It may leave the server stopped. */
    int (*try)(struct subject *subject, struct finding *finding);
};

/* What to try first (launch.c); and what to try once the server has served, which ends with what
 * it may have left on its standard error (conduct.c). */
extern const struct conduct conducts_at_start[];
extern const size_t conduct_at_start_count;
extern const struct conduct conducts_in_service[];
extern const size_t conduct_in_service_count;

/* Tries of last_reply.c. */
int last_reply_to_full_head_try(struct subject *subject, struct finding *finding);
int last_reply_before_segment_try(struct subject *subject, struct finding *finding);
int last_reply_in_pipeline_try(struct subject *subject, struct finding *finding);

#endif
