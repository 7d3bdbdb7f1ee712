/* group.c - the processes that a server has made.
 * SPDX-License-Identifier: MIT */
#include "subject/group.h"

#include "base/clock.h"
#include "host/family.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* No event tells of the end of another process's child, so it is looked for this often. */
enum { POLL_MS = 10 };

/* Zombies that we wait for ourselves, since their parent has ended, are no fault. */
static struct group group_count(pid_t server)
{
    struct group group = {0};
    struct relative *family;
    size_t count = family_find(server, &family);
    for (size_t i = 0; i < count; i++)
        if (family[i].pid != server && !family[i].zombie)
            group.living++;
        else if (family[i].pid != server && family[i].parent != getpid())
            group.zombies++;
    free(family);
    return group;
}

static struct group group_await(pid_t server, int timeout_ms, bool zombies)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    struct group group = group_count(server);
    while ((zombies ? group.zombies : group.living) > 0 && clock_now() < deadline) {
        poll(NULL, 0, POLL_MS);
        group = group_count(server);
    }
    return group;
}

struct group group_await_no_zombie(pid_t server, int timeout_ms)
{
    return group_await(server, timeout_ms, true);
}

struct group group_await_no_living(pid_t server, int timeout_ms)
{
    return group_await(server, timeout_ms, false);
}
