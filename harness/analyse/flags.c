/* flags.c - what a reader should know about a figure that counts all the same.
 * SPDX-License-Identifier: MIT */
#include "analyse/flags.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static struct flag *append(struct flags *flags, const struct flag *flag)
{
    flags->items = alloc_resize(flags->items, flags->count + 1, sizeof *flags->items);
    flags->items[flags->count] = *flag;
    return &flags->items[flags->count++];
}

static struct flag *find(const struct flags *flags, const char *rule)
{
    for (size_t i = 0; i < flags->count; i++)
        if (flags->items[i].rounds > 0 && strcmp(flags->items[i].rule, rule) == 0)
            return &flags->items[i];
    return NULL;
}

void flags_add(struct flags *flags, const char *rule, double value, double limit)
{
    struct flag *flag = find(flags, rule);
    if (!flag)
        flag = append(flags, &(struct flag){.rule = rule, .quantity = QUANTITIES});
    flag->rounds++;
    flag->value = value;
    flag->limit = limit;
}

void flags_add_overall(struct flags *flags, const char *rule, enum quantity quantity,
                       double value, double limit)
{
    append(flags,
           &(struct flag){
               .rule = rule, .quantity = quantity, .value = value, .limit = limit});
}

void flags_free(struct flags *flags)
{
    free(flags->items);
    *flags = (struct flags){0};
}
