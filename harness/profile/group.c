/* group.c - to which part of a server a function belongs.
 * SPDX-License-Identifier: MIT */
#include "profile/group.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *const names[GROUPS] = {
    [GROUP_SERVER] = "server's own code",
    [GROUP_READER] = "request reader",
    [GROUP_RESPONSES] = "responses",
    [GROUP_LIBRARY] = "event library",
    [GROUP_LIBC] = "libc",
    [GROUP_LINKER] = "dynamic linker",
    [GROUP_OTHER] = "other",
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* glibc was several libraries before 2.34, of which the older programs still know. */
static bool is_libc(const char *library)
{
    static const char *const libraries[] = {"libc.so", "libc-2",   "libpthread",
                                            "libm.so", "librt",    "libdl",
                                            "ld-musl", "libc.musl"};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (begins(library, libraries[i]))
            return true;
    return false;
}

static enum group group_of_core(const char *file)
{
    return begins(last_part(file), "request") ? GROUP_READER : GROUP_RESPONSES;
}

enum group group_of(const char *object, const char *file)
{
    const char *name = last_part(object);
    if (!*name || begins(name, "???"))
        return GROUP_OTHER;
    if (is_libc(name))
        return GROUP_LIBC;
    if (begins(name, "ld-linux") || begins(name, "ld-2") || begins(name, "ld.so"))
        return GROUP_LINKER;
    if (strstr(name, ".so"))
        return GROUP_LIBRARY;
    return strstr(file, "servers/core/") ? group_of_core(file) : GROUP_SERVER;
}

const char *group_name(enum group group)
{
    return names[group];
}

enum group group_find(const char *name)
{
    for (int group = 0; group < GROUPS; group++)
        if (name && strcmp(names[group], name) == 0)
            return (enum group)group;
    return GROUP_OTHER;
}
