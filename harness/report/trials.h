/* trials.h - the trials behind a row of the tables: verdicts, and figures before rounding.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TRIALS_H
#define ABACUS_TRIALS_H

#include "model/run.h"
#include "render/figure.h"
#include "render/page.h"

/* The next trial of a server under a load after `trial`, in the order of their ends; the
 * first one after NULL. NULL: there is none. */
const struct trial *trials_next(const struct run *run, const struct trial *trial,
                                const struct run_server *server, const struct load *load);

/* Writes all of them as a table. Returns how many there are; if none, nothing is written. */
size_t trials_write(struct page *page, const struct run *run,
                    const struct run_server *server, const struct load *load);

/* The id under which a report page has them, and the link to it. Owned by the caller. */
char *trials_id(const struct run_server *server, const struct load *load);
char *trials_link(const struct run_server *server, const struct load *load);

/* A figure as it was before it was rounded for a table. */
struct figure trials_figure(double value);

#endif
