/* tally.c - what a tool wrote, line by line; and what it counted of a server in one run, by the
 * names of functions or calls.
 * SPDX-License-Identifier: MIT */
#include "profile/tally.h"

#include "base/alloc.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

int lines_read(FILE *file, const char *name, int (*take)(void *reader, char *line),
               void *reader, struct err *err)
{
    char shown[64];
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int failed = 0;
    for (size_t number = 1; !failed && (length = getline(&line, &room, file)) > 0 &&
                            line[length - 1] == '\n';
         number++) {
        line[length - 1] = '\0';
        snprintf(shown, sizeof shown, "%.60s", line);
        if (take(reader, line) < 0)
            failed = err_set(err, "%s, line %zu, is not as its tool writes it: '%s'",
                             name, number, shown);
    }
    free(line);
    return !failed && ferror(file) ? err_set(err, "%s: cannot be read", name) : failed;
}

int lines_read_path(const char *path, int (*take)(void *reader, char *line), void *reader,
                    struct err *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, "%s: %s", path, strerror(errno));
    int failed = lines_read(file, path, take, reader, err);
    fclose(file);
    return failed;
}

/* Of the tree, in which rows are found. They move as they become more; their names do not. */
struct node {
    const char *names[TALLY_NAMES]; /* the row's */
    size_t row;
};

static int node_compare(const void *a, const void *b)
{
    const struct node *left = a;
    const struct node *right = b;
    int order = 0;
    for (size_t i = 0; i < TALLY_NAMES && order == 0; i++)
        order = strcmp(left->names[i], right->names[i]);
    return order;
}

const struct tally_row *tally_find(const struct tally *tally,
                                   const char *const names[TALLY_NAMES])
{
    struct node key;
    memcpy(key.names, names, sizeof key.names);
    struct node *const *found = tfind(&key, &tally->index, node_compare);
    return found ? &tally->rows[(*found)->row] : NULL;
}

static struct tally_row *row_new(struct tally *tally,
                                 const char *const names[TALLY_NAMES])
{
    struct node *node = alloc_zeroed(1, sizeof *node);
    tally->rows = alloc_resize(tally->rows, tally->count + 1, sizeof *tally->rows);
    struct tally_row *row = &tally->rows[tally->count];
    *row = (struct tally_row){0};
    for (size_t i = 0; i < TALLY_NAMES; i++)
        node->names[i] = row->names[i] = alloc_copy(names[i]);
    node->row = tally->count++;
    if (!tsearch(node, &tally->index, node_compare))
        abort(); /* no memory, which alloc.h would have met first */
    return row;
}

struct tally_row *tally_row(struct tally *tally, const char *const names[TALLY_NAMES])
{
    const struct tally_row *row = tally_find(tally, names);
    return row ? &tally->rows[row - tally->rows] : row_new(tally, names);
}

double tally_sum(const struct tally *tally, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < tally->count; i++)
        sum += tally->rows[i].counts[count];
    return sum;
}

static void subtract(struct tally *run, const struct tally *few)
{
    for (size_t i = 0; i < few->count; i++) {
        struct tally_row *row = tally_row(run, (const char *const *)few->rows[i].names);
        for (size_t c = 0; c < TALLY_COUNTS; c++)
            row->counts[c] -= few->rows[i].counts[c];
    }
}

static int by_sum(const void *a, const void *b)
{
    double left = tally_sum(a, 0);
    double right = tally_sum(b, 0);
    return (left > right) - (left < right);
}

void tally_per_request(struct tally *runs, size_t count, const struct tally *few,
                       double requests)
{
    for (size_t i = 0; i < count; i++) {
        subtract(&runs[i], few);
        for (size_t r = 0; r < runs[i].count; r++)
            for (size_t c = 0; c < TALLY_COUNTS; c++)
                runs[i].rows[r].counts[c] /= requests;
    }
    qsort(runs, count, sizeof *runs, by_sum);
}

void tally_free(struct tally *tally)
{
    tdestroy(tally->index, free);
    for (size_t i = 0; i < tally->count; i++)
        for (size_t n = 0; n < TALLY_NAMES; n++)
            free(tally->rows[i].names[n]);
    free(tally->rows);
    *tally = (struct tally){0};
}
