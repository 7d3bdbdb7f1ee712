/* holder.h - idle connections that are held beside a load: many, of which few are active.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_HOLDER_H
#define ABACUS_HOLDER_H

#include "measure/entrant.h"

#include <stdbool.h>

/* All zeros: none. */
struct holder {
    struct proc proc; /* of pace */
    bool running;
};

/* Opens the load's idle connections to the entrant's server, each answered once; nothing where its
 * load has none. 0. -1: this machine cannot, or the user wants to stop. 1: the server cannot hold so
 * many, with how many it does. To be stopped, whatever comes back. */
int holder_start(struct holder *holder, const struct entrant *entrant, struct err *err);

/* The connections close, all at once. */
void holder_stop(struct holder *holder);

#endif
