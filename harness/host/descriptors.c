/* descriptors.c - the files that this process and its children have open: the first three, and
 * how many there may be.
 * SPDX-License-Identifier: MIT */
#include "host/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SPARE = 64 }; /* beside one for each connection */

int descriptors_fill(struct err *err)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR); /* the lowest number that is free */
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd < 0)
        return err_set(err, "/dev/null: %s", strerror(errno));
    close(fd);
    return 0;
}

int descriptors_raise(size_t connections, struct err *err)
{
    struct rlimit limit;
    rlim_t need = connections + SPARE;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return err_set(err, "getrlimit: %s", strerror(errno));
    if (limit.rlim_cur >= need)
        return 0;
    if (limit.rlim_max < need)
        limit.rlim_max = need; /* root may */
    limit.rlim_cur = need;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return err_set(err,
                       "%zu connections need %llu open files, and the limit is lower: "
                       "raise it with 'ulimit -n %llu'",
                       connections, (unsigned long long)need, (unsigned long long)need);
    return 0;
}
