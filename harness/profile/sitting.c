/* sitting.c - makes a profile: every part of every server, and the record of it.
 * SPDX-License-Identifier: MIT */
#include "profile/sitting.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "host/cgroup.h"
#include "host/netns.h"
#include "measure/folder.h"
#include "measure/machine.h"
#include "profile/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* As many as the system allows: what holds a thousand connections needs more than usual. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void bench_prepare(struct bench *bench, const char *directory)
{
    struct err err;
    raise_descriptors();
    *bench = (struct bench){.folder = directory, .cpus = cpus_choose()};
    bench->own_cgroup = cgroup_init(&err) == 0;
    bench->own_network = netns_enter_fresh(&err) == 0;
}

static FILE *store_open(const char *directory, struct err *err)
{
    char *path = alloc_format("%s/%s", directory, STORE_NAME);
    FILE *file = fopen(path, "wxe");
    if (!file)
        err_set(err, "%s: %s", path, strerror(errno));
    free(path);
    return file;
}

static void show(const struct portrait *portrait, size_t part, double seconds)
{
    const char *missing = portrait->missing[part];
    char *line =
        alloc_format("%s: %s%s%s (%.0f s)", portrait->server.name, parts[part]->name,
                     missing ? ": " : "", missing ? missing : "", seconds);
    fputs(isatty(STDERR_FILENO) ? "\r\033[K" : "", stderr);
    utf8_print(stderr, line);
    fputs("\n", stderr);
    free(line);
}

static void measure_part(struct portrait *portrait, size_t part,
                         const struct bench *bench)
{
    struct err err;
    double start = clock_now();
    if (isatty(STDERR_FILENO)) {
        utf8_print(stderr, portrait->server.name);
        fprintf(stderr, ": %s …", parts[part]->name);
    }
    portrait->data[part] = parts[part]->measure(bench, &portrait->server, &err);
    if (!portrait->data[part])
        portrait->missing[part] =
            alloc_copy(interrupt_requested() ? "interrupted" : err.text);
    show(portrait, part, clock_now() - start);
}

/* What was measured is written even if the user wants to stop by now. */
static int take_part(struct portrait *portrait, size_t part, const struct bench *bench,
                     FILE *store, struct err *err)
{
    measure_part(portrait, part, bench);
    if (portrait->missing[part] &&
        (interrupt_requested() || folder_check_room(bench->folder, err) < 0))
        return interrupt_requested() ? 0 : -1;
    return store_write_part(store, portrait, part, err);
}

/* Part by part, so that what is compared is measured within a short time. */
static int measure_all(struct profile *profile, const bool wanted[PARTS],
                       const struct bench *bench, FILE *store, struct err *err)
{
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; wanted[part] && i < profile->portrait_count; i++) {
            struct portrait *portrait = &profile->portraits[i];
            if (portrait->server.missing)
                continue;
            if (take_part(portrait, part, bench, store, err) < 0)
                return -1;
            if (interrupt_requested())
                return 0;
        }
    return 0;
}

int sitting_hold(struct profile *profile, const bool wanted[PARTS], const char *directory,
                 struct err *err)
{
    struct bench bench;
    FILE *store = store_open(directory, err);
    if (!store)
        return -1;
    int failed = interrupt_catch(err);
    bench_prepare(&bench, directory);
    profile->started = folder_time_now();
    machine_describe(&profile->machine, &profile->machine_count, paths_build(), NULL);
    if (!failed)
        failed = store_write_head(store, profile, err);
    if (!failed)
        failed = measure_all(profile, wanted, &bench, store, err);
    cgroup_end();
    if (fclose(store) == EOF && !failed)
        failed = err_set(err, STORE_NAME ": %s", strerror(errno));
    return failed;
}
