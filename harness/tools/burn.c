/* burn.c - preloaded into a server, makes each request cost it a known CPU time more.
 * SPDX-License-Identifier: MIT
 *
 * Without keep-alive a request is a connection, so the time is spent where one is
 * accepted: after each, ABACUS_BURN_NS nanoseconds by the clock, which costs no system
 * call. A server alone on its CPU has that much more of CPU time. With 0 the clock is
 * read all the same, so that two servers that this is preloaded into differ in the
 * nanoseconds alone. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t burn_ns;

__attribute__((constructor)) static void burn_init(void)
{
    const char *text = getenv("ABACUS_BURN_NS");
    burn_ns = text ? strtoll(text, NULL, 10) : 0;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void burn(void)
{
    int64_t end = now_ns() + burn_ns;
    while (now_ns() < end)
        ;
}

/* In front of libc's, as the servers call it. */
int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
    int client = (int)syscall(SYS_accept4, fd, address, size, flags);
    if (client >= 0)
        burn();
    return client;
}
