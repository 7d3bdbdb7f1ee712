/* paths.c - where abacus finds its own things: beside itself, never by the
 * current folder.
 * SPDX-License-Identifier: MIT */
#include "base/paths.h"

#include "base/alloc.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char root[PATH_MAX];
static char build[PATH_MAX];
static char servers[PATH_MAX + 16];
static char suites[PATH_MAX + 16];
static char plots[PATH_MAX + 16];
static char profile[PATH_MAX + 16];
static char results[PATH_MAX + 16];

static void cut_last_part(char *path)
{
    char *slash = strrchr(path, '/');
    *(slash ? slash : path) = '\0';
}

/* Of an installed abacus nobody may write into the tree: its runs go where one is. */
static void choose_results(void)
{
    char makefile[PATH_MAX + 16];
    snprintf(makefile, sizeof makefile, "%s/Makefile", root);
    if (access(makefile, F_OK) == 0)
        snprintf(results, sizeof results, "%s/results", root);
    else
        snprintf(results, sizeof results, "results");
}

/* Programs that lie beside abacus, as pace does, are found by PATH, as all others are. */
static int find_first(const char *folder, struct err *err)
{
    const char *path = getenv("PATH");
    char *longer = alloc_format("%s:%s", folder, path ? path : "/usr/bin:/bin");
    int failed = setenv("PATH", longer, 1);
    free(longer);
    return failed ? err_set(err, "PATH: %s", strerror(errno)) : 0;
}

int paths_init(struct err *err)
{
    ssize_t length = readlink("/proc/self/exe", build, sizeof build - 1);
    if (length < 0)
        return err_set(err, "/proc/self/exe: %s (is /proc mounted?)", strerror(errno));
    build[length] = '\0';
    cut_last_part(build);

    /* The tree's root is the nearest folder above that has harness/suites. */
    memcpy(root, build, sizeof root);
    do {
        cut_last_part(root);
        snprintf(suites, sizeof suites, "%s/harness/suites", root);
        if (access(suites, R_OK) == 0) {
            snprintf(servers, sizeof servers, "%s/servers", build);
            snprintf(plots, sizeof plots, "%s/plots", root);
            snprintf(profile, sizeof profile, "%s/harness/profile", root);
            choose_results();
            return find_first(build, err);
        }
    } while (*root);
    return err_set(err, "%s: not in an abacus tree (no harness/suites above it)", build);
}

const char *paths_build(void)
{
    return build;
}

const char *paths_servers(void)
{
    return servers;
}

const char *paths_suites(void)
{
    return suites;
}

const char *paths_plots(void)
{
    return plots;
}

const char *paths_profile(void)
{
    return profile;
}

const char *paths_results(void)
{
    return results;
}

const char *paths_within(const char *path)
{
    size_t length = strlen(root);
    bool within = length && strncmp(path, root, length) == 0 && path[length] == '/';
    return within ? path + length + 1 : path;
}

char *paths_absolute(const char *within)
{
    return *within == '/' ? alloc_copy(within) : alloc_format("%s/%s", root, within);
}
