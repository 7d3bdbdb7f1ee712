/* memory_clients.h - clients that were answered once and then stay, silent, on open
 * connections.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MEMORY_CLIENTS_H
#define ABACUS_MEMORY_CLIENTS_H

#include "base/err.h"
#include "server/http.h"
#include "server/server.h"

#include <stddef.h>

/* Starts zeroed, freed by clients_leave. */
struct clients {
    struct http_conn *conns; /* owned */
    size_t count;
};

/* Makes them so many: each new one asks for / and waits for the reply. -1: the server did not
 * take or keep a connection; those that there are stay. */
int clients_raise(struct clients *clients, size_t count, const struct server *server,
                  struct err *err);

/* Closes all, and waits until the server has closed its side of each, too. -1: it has not,
 * within 5 s. */
int clients_leave(struct clients *clients, struct err *err);

#endif
