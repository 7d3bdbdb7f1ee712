/* alloc.h - memory or the end: what abacus allocates is small, and it cannot go on without.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ALLOC_H
#define ABACUS_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

/* As calloc, realloc and strdup, but they never return NULL: with no memory left they say so
 * and end the program with status 1. alloc_copy(NULL) is NULL. */
void *alloc_zeroed(size_t count, size_t size);
void *alloc_resize(void *memory, size_t count, size_t size);
char *alloc_copy(const char *text);

/* As asprintf and vasprintf. */
char *alloc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *alloc_vformat(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));

#endif
