/* smaps.c - what a process has in memory, as the second article sums it up: by the
 * permissions of its mappings, shared or its own, clean or dirty.
 * SPDX-License-Identifier: MIT */
#include "profile/memory.h"

#include "base/alloc.h"
#include "profile/tally.h"
#include "profile/target.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_labels[PAGE_KINDS] = {
    [SHARED_CLEAN] = "Shared_Clean:",
    [SHARED_DIRTY] = "Shared_Dirty:",
    [PRIVATE_CLEAN] = "Private_Clean:",
    [PRIVATE_DIRTY] = "Private_Dirty:",
};

void maps_free(struct maps *maps)
{
    free(maps->rows);
    *maps = (struct maps){0};
}

static void maps_append(struct maps *maps, const struct maps_row *row)
{
    maps->rows = alloc_resize(maps->rows, maps->count + 1, sizeof *maps->rows);
    maps->rows[maps->count++] = *row;
}

/* ---- reading ---- */

/* "START-END PERMISSIONS OFFSET DEVICE INODE   PATH": a mapping begins. What has an inode is a
 * file's. */
static bool parse_mapping(struct maps_row *row, const char *line)
{
    unsigned long long inode;
    *row = (struct maps_row){0};
    if (sscanf(line, "%llx-%*x %4s %*x %*x:%*x %llu", &row->start, row->permissions,
               &inode) != 3 ||
        strlen(row->permissions) != 4)
        return false;
    row->mapped = inode != 0;
    return true;
}

/* "Private_Dirty:         8 kB", or another line of a mapping: VmFlags, THPeligible, ... */
static bool parse_detail(struct maps_row *row, const char *line)
{
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        size_t length = strlen(kind_labels[kind]);
        if (strncmp(line, kind_labels[kind], length) == 0)
            return sscanf(line + length, "%lf kB", &row->kb[kind]) == 1;
    }
    return isupper((unsigned char)line[0]) && strchr(line, ':');
}

static int parse_line(void *to, char *line)
{
    struct maps *maps = to;
    struct maps_row next;
    if (parse_mapping(&next, line))
        maps_append(maps, &next);
    else if (maps->count == 0 || !parse_detail(&maps->rows[maps->count - 1], line))
        return -1;
    return 0;
}

int maps_parse(struct maps *maps, FILE *smaps, struct err *err)
{
    *maps = (struct maps){0};
    int failed = lines_read(smaps, "smaps", parse_line, maps, err);
    if (failed)
        maps_free(maps);
    else
        maps->processes = maps->count > 0;
    return failed;
}

int maps_add_process(struct maps *maps, pid_t pid, struct err *err)
{
    char path[64];
    struct maps one;
    snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file && (errno == ENOENT || errno == ESRCH))
        return 0;
    if (!file)
        return err_set(err, "%s: %s", path, strerror(errno));
    int failed = maps_parse(&one, file, err);
    fclose(file);
    if (failed)
        return -1;
    one.page_tables_kb = target_status(pid, "VmPTE");
    maps_add(maps, &one);
    maps_free(&one);
    return 0;
}

/* ---- summing ---- */

static struct maps_row *maps_find(const struct maps *maps, const struct maps_row *row)
{
    for (size_t i = 0; i < maps->count; i++)
        if (maps->rows[i].start == row->start && maps->rows[i].mapped == row->mapped &&
            strcmp(maps->rows[i].permissions, row->permissions) == 0)
            return &maps->rows[i];
    return NULL;
}

void maps_add(struct maps *maps, const struct maps *one)
{
    for (size_t i = 0; i < one->count; i++) {
        const struct maps_row *row = &one->rows[i];
        struct maps_row *same = maps_find(maps, row);
        if (!same) {
            maps_append(maps, row);
            continue;
        }
        for (int kind = 0; kind < PAGE_KINDS; kind++)
            if (kind == PRIVATE_CLEAN || kind == PRIVATE_DIRTY)
                same->kb[kind] += row->kb[kind];
            else if (row->kb[kind] > same->kb[kind])
                same->kb[kind] = row->kb[kind];
    }
    maps->page_tables_kb += one->page_tables_kb;
    maps->processes += one->processes;
}

/* Files before anonymous memory; code before data before what is only read, as the article. */
static int row_order(const void *a, const void *b)
{
    const struct maps_row *one = a, *two = b;
    if (one->mapped != two->mapped)
        return one->mapped ? -1 : 1;
    bool code[] = {one->permissions[2] == 'x', two->permissions[2] == 'x'};
    if (code[0] != code[1])
        return code[0] ? -1 : 1;
    return strcmp(two->permissions, one->permissions);
}

struct maps maps_by_permissions(const struct maps *maps)
{
    struct maps sum = {.page_tables_kb = maps->page_tables_kb,
                       .processes = maps->processes};
    for (size_t i = 0; i < maps->count; i++) {
        struct maps_row row = maps->rows[i];
        row.start = 0;
        struct maps_row *same = maps_find(&sum, &row);
        if (!same)
            maps_append(&sum, &row);
        for (int kind = 0; same && kind < PAGE_KINDS; kind++)
            same->kb[kind] += row.kb[kind];
    }
    if (sum.count)
        qsort(sum.rows, sum.count, sizeof *sum.rows, row_order);
    return sum;
}

double maps_kb(const struct maps *maps, enum page_kind kind)
{
    double kb = 0;
    for (size_t i = 0; i < maps->count; i++)
        kb += maps->rows[i].kb[kind];
    return kb;
}
