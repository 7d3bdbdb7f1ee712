/* plan.c - what pace is asked to do: the address of the server and the bytes of a request.
 * SPDX-License-Identifier: MIT */
#include "pace/plan.h"

#include "base/alloc.h"
#include "base/number.h"

#include <math.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

/* An IPv4 address, as the servers have. */
static int resolve(struct sockaddr_in *address, const char *host, const char *port,
                   struct err *err)
{
    const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed)
        return err_set(err, "%s: %s", host, gai_strerror(failed));
    memcpy(address, found->ai_addr, sizeof *address);
    freeaddrinfo(found);
    return 0;
}

static char *request_make(const char *authority, const char *path, bool closes)
{
    return alloc_format("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, authority,
                        closes ? "Connection: close\r\n" : "");
}

int plan_target(struct plan *plan, const char *url, struct err *err)
{
    static const char scheme[] = "http://";
    long port = 80;
    if (strncmp(url, scheme, strlen(scheme)) != 0)
        return err_set(err, "%s: not an address that begins with http://", url);
    const char *start = url + strlen(scheme);
    char *authority = alloc_copy(start);
    authority[strcspn(authority, "/")] = '\0';
    char *host = alloc_copy(authority);
    char *colon = strchr(host, ':');
    if (colon)
        *colon = '\0';
    int failed = 0;
    if (!*host || strpbrk(url, " \r\n\t#") ||
        (colon && !number_long(&port, colon + 1, 1, 65535)))
        failed = err_set(err, "%s: not http://HOST:PORT/PATH", url);
    char *service = alloc_format("%ld", port);
    if (!failed)
        failed = resolve(&plan->server, host, service, err);
    const char *path = start + strlen(authority);
    plan->url = url;
    path = *path ? path : "/";
    plan->request = request_make(authority, path, plan->closes);
    plan->idle_request = request_make(authority, path, false);
    free(service);
    free(host);
    free(authority);
    return failed;
}

long plan_requests(const struct plan *plan)
{
    if (plan->requests || plan->rate <= 0)
        return plan->requests;
    return lround(plan->rate * plan->seconds);
}

void plan_free(struct plan *plan)
{
    free(plan->request);
    free(plan->idle_request);
    *plan = (struct plan){0};
}
