/* breakage.h - where a server breaks, tried: each trial with a server that was started for it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_BREAKAGE_H
#define ABACUS_BREAKAGE_H

#include "base/err.h"
#include "host/cpus.h"
#include "model/run.h"

#include <stdbool.h>

/* What all trials are made under. */
struct arena {
    const char *directory; /* takes what the servers say on standard error */
    struct cpus cpus;
    bool own_network, own_cgroup; /* each server has its own */
};

/* What becomes of the client after the last that is answered. */
enum next_client {
    NEXT_ANSWERED, /* there was no last one */
    NEXT_WAITS,
    NEXT_SLOW, /* it is answered, but so late that the trial ends before the last is found */
    NEXT_CLOSED, /* its connection is closed, reset or refused */
};

/* One server. Times in ms; NAN: it was not tried; INFINITY: no answer in time. */
struct breakage {
    const struct run_server *server; /* borrowed */
    struct err reason;               /* why there is nothing else; "" */
    double clients;                  /* idle ones that are held, of CLIENTS_TRIED */
    enum next_client next;
    double full_busy;    /* while it holds them, and one more asks: share of a core */
    double full_back_ms; /* after ten of them have left: until it answers */
    double
        slow_reader_ms; /* 99 % of the others are answered within, beside one that does not read */
    double slow_senders_ms; /* the same beside SENDERS that send a byte now and then */
    double
        burst_ms; /* until the last of BURST clients at once is answered, backlog 128 */
    double
        resets_back_ms; /* until it answers after RESETS clients that reset their connection */
    bool half_closed; /* it answers a client that has closed its own side */
    double
        client_kb; /* its own memory for each of the idle clients beyond the first 128 */
    double
        memory_kb; /* its own, more than before, after the clients, the senders, the resets */
};

/* Of the descriptors that the server may have, DESCRIPTORS, its own leave some fewer. */
enum {
    DESCRIPTORS = 2048,
    CLIENTS_TRIED = 3000,
    SENDERS = 500,
    BURST = 1000,
    RESETS = 5000,
    ANSWER_S = 1, /* in which a request is answered, or it is not */
    BACK_S =
        10 /* the same of what takes longer: a server that comes back, and the burst */
};

/* Tries all; at most half a minute. */
void breakage_try(struct breakage *breakage, const struct run_server *server,
                  const struct arena *arena);

#endif
