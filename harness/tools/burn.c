/* burn.c - preloaded into a server, makes each connection cost it a known amount of work more.
 * SPDX-License-Identifier: MIT
 *
 * Without keep-alive a request is a connection, so the work is done where one is accepted: after
 * each, ABACUS_BURN_STEPS steps of a loop. Steps, not nanoseconds: on a core that is slower for a
 * while they take longer, as all else does, so that the extra cost stays the same share. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t burn_steps;

__attribute__((constructor)) static void burn_init(void)
{
    const char *text = getenv("ABACUS_BURN_STEPS");
    burn_steps = text ? strtoull(text, NULL, 10) : 0;
}

/* A multiplication and an addition, each of which needs the one before. */
static uint64_t burn(uint64_t steps)
{
    uint64_t x = steps;
    for (uint64_t i = 0; i < steps; i++)
        x = x * 6364136223846793005 + 1442695040888963407; /* Knuth, MMIX */
    __asm__ volatile("" : : "r"(x)); /* so that no compiler leaves it out */
    return x;
}

/* In front of libc's, as the servers call it. */
int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
    int client = (int)syscall(SYS_accept4, fd, address, size, flags);
    if (client >= 0)
        burn(burn_steps);
    return client;
}
