/* flags.c - what a reader should know about a figure that counts all the same.
 * SPDX-License-Identifier: MIT */
#include "analyse/flags.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static struct flag *append(struct flags *flags, const char *rule, size_t rounds)
{
    flags->items = alloc_resize(flags->items, flags->count + 1, sizeof *flags->items);
    flags->items[flags->count] =
        (struct flag){.rule = alloc_copy(rule), .rounds = rounds};
    return &flags->items[flags->count++];
}

static struct flag *find(const struct flags *flags, const char *rule)
{
    for (size_t i = 0; i < flags->count; i++)
        if (flags->items[i].rounds > 0 && strcmp(flags->items[i].rule, rule) == 0)
            return &flags->items[i];
    return NULL;
}

void flags_add(struct flags *flags, const char *rule, const char *text)
{
    struct flag *flag = find(flags, rule);
    if (!flag)
        flag = append(flags, rule, 0);
    flag->rounds++;
    free(flag->text);
    flag->text = alloc_copy(text);
}

void flags_add_overall(struct flags *flags, const char *rule, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    append(flags, rule, 0)->text = alloc_vformat(format, args);
    va_end(args);
}

void flags_free(struct flags *flags)
{
    for (size_t i = 0; i < flags->count; i++) {
        free(flags->items[i].rule);
        free(flags->items[i].text);
    }
    free(flags->items);
    *flags = (struct flags){0};
}
