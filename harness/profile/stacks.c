/* stacks.c - where a server's CPU time goes: perf looks at it a thousand times a second.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "profile/profile.h"
#include "render/glossary.h"

#include <stdlib.h>
#include <string.h>

enum {
    DRIVE_REQUESTS = 10000, /* repeated until the time is over */
    CONCURRENCY = 50,
    SHOWN =
        5, /* functions of a server, in and outside the kernel: the CSV file has all */
};
static const double SECONDS = 5;

static int watch(void *folds, struct target *target, struct err *err)
{
    const struct drive drive = {.requests = DRIVE_REQUESTS, .concurrency = CONCURRENCY};
    return perf_watch(folds, target, &drive, SECONDS, err);
}

static int measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err)
{
    struct folds folds = {0};
    int failed = target_use(&(struct target_options){setup, server, "stacks", NULL},
                            watch, &folds, err);
    if (!failed) {
        json_object_set_new(data, "samples", json_integer((json_int_t)folds.samples));
        json_object_set_new(data, "whole", json_integer((json_int_t)folds.whole));
        json_object_set_new(data, "kernel_only",
                            json_integer((json_int_t)folds.kernel_only));
        json_object_set(data, "stacks", folds.stacks);
    }
    folds_free(&folds);
    return failed;
}

/* ---- tables ---- */

/* The tree of a server's stacks, owned by the caller; NULL: somebody has altered the record. */
static struct stack_node *read_tree(const json_t *data)
{
    struct err ignored;
    return stacks_tree(json_object_get(data, "stacks"), &ignored);
}

static void layer_rows(struct grid *grid, const char *server, const json_t *data)
{
    static const char *const kinds[] = {"whole", "kernel_only"};
    double self[LAYERS];
    double samples = profile_number(data, "samples");
    struct stack_node *tree = read_tree(data);
    if (!tree)
        return;
    stacks_layers(tree, self);
    grid_add(grid, "%s", server);
    for (int layer = 0; layer < LAYERS; layer++)
        grid_add(grid, "%s", figure_tenths(100 * self[layer] / samples).text);
    grid_add(grid, "%s", figure_count(samples).text);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        grid_add(grid, "%s",
                 figure_tenths(100 * profile_number(data, kinds[i]) / samples).text);
    stacks_tree_free(tree);
}

static const struct part_table layer_table = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.group = "CPU time in (%)", .head = "server", .align = ALIGN_RIGHT},
            {.group = "CPU time in (%)", .head = "libraries", .align = ALIGN_RIGHT},
            {.group = "CPU time in (%)", .head = "kernel", .align = ALIGN_RIGHT},
            {.head = "Samples", .align = ALIGN_RIGHT},
            {.group = "Stacks (%)", .head = "whole", .align = ALIGN_RIGHT},
            {.group = "Stacks (%)", .head = "kernel's part", .align = ALIGN_RIGHT},
            {0},
        },
    .rows = layer_rows,
};

/* The first SHOWN of the kernel's functions, or of all others. */
static void add_functions(struct grid *grid, const char *server,
                          const struct tally *functions, double samples, bool kernel)
{
    for (size_t i = 0, shown = 0; i < functions->count && shown < SHOWN; i++) {
        const struct tally_row *row = &functions->rows[i];
        if ((strcmp(row->names[FUNCTION_LAYER], layer_names[LAYER_KERNEL]) == 0) !=
                kernel ||
            row->counts[FUNCTION_SELF] <= 0)
            continue;
        grid_add(grid, "%s", server);
        grid_add(grid, "%s", row->names[FUNCTION_LAYER]);
        for (int c = FUNCTION_SELF; c <= FUNCTION_TOTAL; c++)
            grid_add(grid, "%s", figure_tenths(100 * row->counts[c] / samples).text);
        grid_add(grid, "%s", row->names[FUNCTION_NAME]);
        shown++;
    }
}

static void function_rows(struct grid *grid, const char *server, const json_t *data)
{
    struct tally functions = {0};
    struct stack_node *tree = read_tree(data);
    if (!tree)
        return;
    stacks_functions(&functions, tree);
    add_functions(grid, server, &functions, tree->total, false);
    add_functions(grid, server, &functions, tree->total, true);
    tally_free(&functions);
    stacks_tree_free(tree);
}

static const struct part_table function_table = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.head = "In"},
            {.group = "CPU time (%)", .head = "itself", .align = ALIGN_RIGHT},
            {.group = "CPU time (%)", .head = "with calls", .align = ALIGN_RIGHT},
            {.head = "Function"},
            {0},
        },
    .text = "The functions with the most time of their own:",
    .rows = function_rows,
};

static void write_section(struct page *page, const struct profile *profile)
{
    glossary_text(page, "stacks", NULL);
    profile_table(page, profile, &part_stacks, &layer_table);
    glossary_text(page, "whole-stack", NULL);
    profile_table(page, profile, &part_stacks, &function_table);
}

static void csv_rows(FILE *out, const char *server, const json_t *data)
{
    struct tally functions = {0};
    struct stack_node *tree = read_tree(data);
    if (!tree)
        return;
    stacks_functions(&functions, tree);
    for (size_t i = 0; i < functions.count; i++) {
        const struct tally_row *row = &functions.rows[i];
        quote_csv(out, server);
        profile_csv_text(out, row->names[FUNCTION_LAYER]);
        profile_csv_text(out, row->names[FUNCTION_NAME]);
        fprintf(out, ",%.0f,%.0f,%.0f\n", row->counts[FUNCTION_SELF],
                row->counts[FUNCTION_TOTAL], tree->total);
    }
    tally_free(&functions);
    stacks_tree_free(tree);
}

/* The flame graph of a server. */
static void draw(FILE *out, const char *server, const json_t *data, const char *id)
{
    struct stack_node *tree = read_tree(data);
    char *title = alloc_format("%s: where its CPU time goes", server);
    if (tree)
        flame_write(out, tree, title, id);
    free(title);
    stacks_tree_free(tree);
}

const struct part part_stacks = {
    .name = "stacks",
    .heading = "Where the CPU time goes",
    .program = "perf",
    .package = "linux-perf",
    .measure = measure,
    .write = write_section,
    .csv_columns = "layer,function,self_samples,total_samples,samples",
    .csv_rows = csv_rows,
    .drawing =
        {"flame",
         "Flame graph: the width of a box is the share of CPU time in which a "
         "function was at work or had called what was; what it called stands on it. "
         "Point at a box for its name and its figures.",
         draw},
};
