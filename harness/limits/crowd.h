/* crowd.h - many clients at once, all of them this process.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CROWD_H
#define ABACUS_CROWD_H

#include <stddef.h>

struct crowd {
    int *fds; /* -1: it is closed */
    size_t count;
};

/* So many connect at once to HOST:PORT; who cannot is closed. To be left. */
void crowd_join(struct crowd *crowd, const char *host, int port, size_t count);

/* Each that can sends the bytes, as far as they go. */
void crowd_send(const struct crowd *crowd, const char *bytes);

/* Each sends the bytes once it is connected, and waits until something comes, at most `seconds`.
 * Returns how many were sent nothing; one that was closed instead is no longer waited for. */
size_t crowd_ask(const struct crowd *crowd, const char *bytes, double seconds);

void crowd_leave(struct crowd *crowd);

/* One after the other connects and resets its connection (socket(7), SO_LINGER). Returns how many
 * could connect. */
size_t crowd_reset(const char *host, int port, size_t count);

#endif
