/* tally.c - which trials of a run do not count, and by what rule.
 * SPDX-License-Identifier: MIT */
#include "tools/calibrate/tally.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *name; /* borrowed */
    size_t count;
};

struct tally {
    struct entry *entries;
    size_t count;
};

struct rate tally_thrown_out(const struct run *run)
{
    struct rate rate = {0};
    for (size_t i = 0; i < run->trial_count; i++)
        rate_add(&rate, run->trials[i].verdict != VERDICT_VALID);
    return rate;
}

static void tally_add(struct tally *tally, const char *name)
{
    size_t i = 0;
    while (i < tally->count && strcmp(tally->entries[i].name, name) != 0)
        i++;
    if (i == tally->count) {
        tally->entries =
            alloc_resize(tally->entries, tally->count + 1, sizeof *tally->entries);
        tally->entries[tally->count++] = (struct entry){.name = name};
    }
    tally->entries[i].count++;
}

static void tally_trial(struct tally *tally, const struct trial *trial)
{
    bool explained = false;
    if (trial->verdict == VERDICT_VALID)
        return;
    for (size_t i = 0; i < trial->remark_count; i++)
        if (trial->remarks[i].consequence != CONSEQUENCE_FLAG) {
            tally_add(tally, trial->remarks[i].rule);
            explained = true;
        }
    if (!explained)
        tally_add(tally, trial->reason ? trial->reason : "no reason");
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->name, b->name);
}

char *tally_rules(const struct run *run)
{
    struct tally tally = {0};
    for (size_t i = 0; i < run->trial_count; i++)
        tally_trial(&tally, &run->trials[i]);
    if (tally.count > 0)
        qsort(tally.entries, tally.count, sizeof *tally.entries, compare_entries);
    char *text = alloc_copy("");
    for (size_t i = 0; i < tally.count; i++) {
        char *longer = alloc_format("%s%s%s %zu", text, i > 0 ? ", " : "",
                                    tally.entries[i].name, tally.entries[i].count);
        free(text);
        text = longer;
    }
    free(tally.entries);
    return text;
}
