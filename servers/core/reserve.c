/* reserve.c - memory for libraries that end the program when they cannot have any.
 * SPDX-License-Identifier: MIT */
#include "reserve.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Enough for the tables of 65,536 clients. Its pages cost nothing until they are used. */
static _Alignas(max_align_t) char reserve[4 * 1024 * 1024];
static size_t used;

static void *reserve_take(size_t size)
{
    char *taken = reserve + used;
    size_t aligned = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
    if (aligned < size || aligned > sizeof reserve - used)
        return NULL;
    used += aligned;
    return taken;
}

static bool is_reserved(const char *table)
{
    return table >= reserve && table < reserve + sizeof reserve;
}

/* What is in the reserve stays there; it ends before the next table begins. */
static void *reserve_move(void *old, size_t size)
{
    char *moved = reserve_take(size);
    if (!moved || !old)
        return moved;
    bool reserved = is_reserved(old);
    size_t n = reserved ? (size_t)(moved - (char *)old) : malloc_usable_size(old);
    memcpy(moved, old, n < size ? n : size);
    if (!reserved)
        free(old);
    return moved;
}

void *reserve_realloc(void *old, size_t size)
{
    if (size > 0) {
        void *moved = is_reserved(old) ? NULL : realloc(old, size);
        return moved ? moved : reserve_move(old, size);
    }
    if (!is_reserved(old))
        free(old);
    return NULL;
}
