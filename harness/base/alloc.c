/* alloc.c - memory or the end: what abacus allocates is small, and it cannot go on without.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *need(void *memory)
{
    if (!memory) {
        fputs("abacus: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *alloc_zeroed(size_t count, size_t size)
{
    return need(calloc(count ? count : 1, size));
}

void *alloc_resize(void *memory, size_t count, size_t size)
{
    return need(reallocarray(memory, count ? count : 1, size));
}

char *alloc_copy(const char *text)
{
    return text ? need(strdup(text)) : NULL;
}

char *alloc_vformat(const char *format, va_list args)
{
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    return need(length < 0 ? NULL : text);
}

char *alloc_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);
    return text;
}
