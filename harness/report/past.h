/* past.h - runs that are over, as abacus history puts them side by side: their summary.json, and
 * what a profile beside it counted.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PAST_H
#define ABACUS_PAST_H

#include "stats/stats.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct past {
    char *folder;
    char *machine; /* what tells it from others */
    json_t *summary;
    json_t *counts; /* server: {part: {figure: value}}; empty without a profile */
};

struct pasts {
    struct past *list;
    size_t count;
};

/* Adds the run in a folder, or the runs in a folder of runs. What has no summary.json is no run,
 * or one that is not finished, and is left out. */
void pasts_add(struct pasts *pasts, const char *folder);

/* Those of one machine and one suite beside each other, in the order of their time. */
void pasts_sort(struct pasts *pasts);
bool pasts_same_series(const struct past *a, const struct past *b);

void pasts_free(struct pasts *pasts);

/* A text of a JSON object, borrowed; "" where there is none. */
const char *past_text(const json_t *object, const char *key);

/* A server's CPU per request, all loads together, beside that of the reference. */
struct interval past_ratio(const struct past *past, const char *server,
                           const char *reference);

/* A count of a server's profile; NAN: there is none. */
double past_count(const struct past *past, const char *server, const char *part,
                  const char *figure);

/* Whether the run has a row of that server; and its executable's checksum, "": not known. */
bool past_has(const struct past *past, const char *server);
const char *past_sha(const struct past *past, const char *server);

/* "kernel, compiler": what is not as it was in the run before; owned by the caller. */
char *past_changes(const struct past *before, const struct past *past);

#endif
