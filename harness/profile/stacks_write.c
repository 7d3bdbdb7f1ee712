/* stacks_write.c - where servers' CPU time goes, as tables: pure functions of the profile.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks_write.h"

#include "base/alloc.h"
#include "profile/flame.h"
#include "profile/stacks_tree.h"
#include "render/figure.h"
#include "render/grid.h"
#include "report/names.h"

#include <stdlib.h>

enum {
    SHOWN_USER = 5,
    SHOWN_KERNEL = 5
}; /* functions of each server; the file has all */

static const char *const layer_names[LAYERS] = {
    [LAYER_SERVER] = "server", [LAYER_LIBRARY] = "library", [LAYER_KERNEL] = "kernel"};

/* The tree of a server's stacks, owned by the caller; NULL where there is none. */
static struct stack_node *read_tree(const struct portrait *portrait)
{
    struct err ignored; /* of a record that somebody has altered */
    const json_t *data = profile_part(portrait, &part_stacks);
    return data ? stacks_tree(json_object_get(data, "stacks"), &ignored) : NULL;
}

/* ---- side by side ---- */

static void add_layers(struct grid *grid, const struct portrait *portrait,
                       const struct stack_node *tree)
{
    double self[LAYERS];
    const json_t *data = profile_part(portrait, &part_stacks);
    double samples = profile_number(data, "samples");
    stacks_layers(tree, self);
    grid_add(grid, "%s", name_label(portrait->server.name).text);
    for (int layer = 0; layer < LAYERS; layer++)
        grid_add(grid, "%s", figure_tenths(100 * self[layer] / samples).text);
    grid_add(grid, "%s", figure_count(samples).text);
    grid_add(grid, "%s",
             figure_tenths(100 * profile_number(data, "whole") / samples).text);
    grid_add(grid, "%s",
             figure_tenths(100 * profile_number(data, "kernel_only") / samples).text);
}

static void write_layers(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.group = "CPU time in (%)", .head = "server", .align = ALIGN_RIGHT},
        {.group = "CPU time in (%)", .head = "libraries", .align = ALIGN_RIGHT},
        {.group = "CPU time in (%)", .head = "kernel", .align = ALIGN_RIGHT},
        {.head = "Samples", .align = ALIGN_RIGHT},
        {.group = "Stacks (%)", .head = "whole", .align = ALIGN_RIGHT},
        {.group = "Stacks (%)", .head = "kernel's part", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        struct stack_node *tree = read_tree(&profile->portraits[i]);
        if (tree)
            add_layers(&grid, &profile->portraits[i], tree);
        stacks_tree_free(tree);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

/* ---- functions ---- */

static void add_function(struct grid *grid, const char *server,
                         const struct stack_function *function, double samples)
{
    grid_add(grid, "%s", name_label(server).text);
    grid_add(grid, "%s", layer_names[function->layer]);
    grid_add(grid, "%s", figure_tenths(100 * function->self / samples).text);
    grid_add(grid, "%s", figure_tenths(100 * function->total / samples).text);
    grid_add(grid, "%s", function->name);
}

/* The first `most` of the kernel's functions, or of all others. */
static void add_functions(struct grid *grid, const char *server,
                          const struct stack_node *tree, bool kernel, size_t most)
{
    size_t count;
    struct stack_function *functions = stacks_functions(tree, &count);
    for (size_t i = 0; i < count && most > 0; i++) {
        if ((functions[i].layer == LAYER_KERNEL) != kernel || functions[i].self <= 0)
            continue;
        add_function(grid, server, &functions[i], tree->total);
        most--;
    }
    free(functions);
}

static void write_functions(struct page *page, const struct profile *profile)
{
    static const struct column columns[] = {
        {.head = "Server"},
        {.head = "In"},
        {.group = "CPU time (%)", .head = "itself", .align = ALIGN_RIGHT},
        {.group = "CPU time (%)", .head = "with calls", .align = ALIGN_RIGHT},
        {.head = "Function"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        const char *name = profile->portraits[i].server.name;
        struct stack_node *tree = read_tree(&profile->portraits[i]);
        if (!tree)
            continue;
        add_functions(&grid, name, tree, false, SHOWN_USER);
        add_functions(&grid, name, tree, true, SHOWN_KERNEL);
        stacks_tree_free(tree);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

/* ---- what part.h wants ---- */

void stacks_write(struct page *page, const struct profile *profile)
{
    page_text(
        page,
        "Where the server was whenever perf looked, 997 times in a second of its "
        "CPU time, while ab kept 50 connections busy. A share of p %% of n samples is "
        "uncertain by about 200 √(p (100 − p) / n) / 100 points.");
    write_layers(page, profile);
    page_text(page,
              "A stack is whole if it reaches the function that the program or a thread "
              "began with. Of some the kernel's part alone can be had, from its entry "
              "on: of a process that is being born or has ended.");
    page_text(page, "The functions with the most time of their own:");
    write_functions(page, profile);
}

void stacks_write_csv(FILE *out, const struct profile *profile)
{
    fputs("server,layer,function,self_samples,total_samples,samples\n", out);
    for (size_t i = 0; i < profile->portrait_count; i++) {
        size_t count;
        struct stack_node *tree = read_tree(&profile->portraits[i]);
        if (!tree)
            continue;
        struct stack_function *functions = stacks_functions(tree, &count);
        for (size_t f = 0; f < count; f++) {
            profile_csv_text(out, profile->portraits[i].server.name);
            fprintf(out, ",%s,", layer_names[functions[f].layer]);
            profile_csv_text(out, functions[f].name);
            fprintf(out, ",%.0f,%.0f,%.0f\n", functions[f].self, functions[f].total,
                    tree->total);
        }
        free(functions);
        stacks_tree_free(tree);
    }
}

void stacks_draw(FILE *out, const struct portrait *portrait, const char *id)
{
    struct stack_node *tree = read_tree(portrait);
    char *title = alloc_format("%s: where its CPU time goes", portrait->server.name);
    if (tree)
        flame_write(out, tree, title, id);
    free(title);
    stacks_tree_free(tree);
}
