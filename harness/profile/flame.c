/* flame.c - sampled stacks as a tree of who called whom, and as a flame graph (Gregg 2011), in
 * which width is the share of samples.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "render/escape.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const layer_names[LAYERS] = {
    [LAYER_SERVER] = "server", [LAYER_LIBRARY] = "library", [LAYER_KERNEL] = "kernel"};

/* ---- the tree ---- */

/* Cuts the mark of its layer off a name. */
static enum layer name_layer(char *name)
{
    size_t length = strlen(name);
    if (length <= 4 || name[length - 1] != ']' ||
        strncmp(name + length - 4, "_[", 2) != 0)
        return LAYER_SERVER;
    char mark = name[length - 2];
    if (mark != 'k' && mark != 'l')
        return LAYER_SERVER;
    name[length - 4] = '\0';
    return mark == 'k' ? LAYER_KERNEL : LAYER_LIBRARY;
}

/* A name may be in two layers (memcpy, in the library and in the kernel): two functions. */
static int node_order(const struct stack_node *node, const char *name, enum layer layer)
{
    int order = strcmp(node->name, name);
    return order ? order : (int)node->layer - (int)layer;
}

static struct stack_node *node_insert(struct stack_node *parent, size_t place,
                                      const char *name, enum layer layer)
{
    struct stack_node *node = alloc_zeroed(1, sizeof *node);
    *node = (struct stack_node){.name = alloc_copy(name), .layer = layer};
    parent->children = alloc_resize(parent->children, parent->child_count + 1,
                                    sizeof(struct stack_node *));
    memmove(&parent->children[place + 1], &parent->children[place],
            (parent->child_count - place) * sizeof(struct stack_node *));
    parent->children[place] = node;
    parent->child_count++;
    return node;
}

static struct stack_node *node_child(struct stack_node *parent, const char *name,
                                     enum layer layer)
{
    size_t place = 0;
    while (place < parent->child_count &&
           node_order(parent->children[place], name, layer) < 0)
        place++;
    if (place < parent->child_count &&
        node_order(parent->children[place], name, layer) == 0)
        return parent->children[place];
    return node_insert(parent, place, name, layer);
}

static void tree_add(struct stack_node *root, const char *folded, double samples)
{
    char *names = alloc_copy(folded), *rest = names;
    struct stack_node *node = root;
    root->total += samples;
    for (char *name; (name = strtok_r(rest, ";", &rest));) {
        enum layer layer = name_layer(name);
        node = node_child(node, name, layer);
        node->total += samples;
    }
    node->self += samples;
    free(names);
}

struct stack_node *stacks_tree(const json_t *folded, struct err *err)
{
    const char *stack;
    json_t *samples;
    if (!json_is_object(folded)) {
        err_set(err, "the stacks are not an object");
        return NULL;
    }
    struct stack_node *root = alloc_zeroed(1, sizeof *root);
    root->name = alloc_copy("");
    json_object_foreach((json_t *)folded, stack, samples)
    {
        if (!json_is_integer(samples) || json_integer_value(samples) <= 0) {
            err_set(err, "'%.80s' has no number of samples", stack);
            stacks_tree_free(root);
            return NULL;
        }
        tree_add(root, stack, (double)json_integer_value(samples));
    }
    return root;
}

void stacks_tree_free(struct stack_node *root)
{
    if (!root)
        return;
    for (size_t i = 0; i < root->child_count; i++)
        stacks_tree_free(root->children[i]);
    free(root->children);
    free(root->name);
    free(root);
}

/* ---- what it says ---- */

size_t stacks_depth(const struct stack_node *root, double least)
{
    size_t deepest = 0;
    for (size_t i = 0; i < root->child_count; i++) {
        const struct stack_node *child = root->children[i];
        size_t depth = child->total < least ? 0 : 1 + stacks_depth(child, least);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* The nodes from the root to here, so that a function that called itself is seen. */
struct path {
    const struct path *up;
    const struct stack_node *node;
};

static bool path_has(const struct path *path, const struct stack_node *node)
{
    for (; path; path = path->up)
        if (node_order(path->node, node->name, node->layer) == 0)
            return true;
    return false;
}

static void functions_count(struct tally *functions, const struct stack_node *node,
                            const struct path *up)
{
    const struct path path = {.up = up, .node = node};
    struct tally_row *function = tally_row(
        functions,
        (const char *const[TALLY_NAMES]){node->name, layer_names[node->layer], ""});
    function->counts[FUNCTION_SELF] += node->self;
    if (!path_has(up, node))
        function->counts[FUNCTION_TOTAL] += node->total;
    for (size_t i = 0; i < node->child_count; i++)
        functions_count(functions, node->children[i], &path);
}

static int by_self(const void *a, const void *b)
{
    const struct tally_row *one = a, *two = b;
    if (one->counts[FUNCTION_SELF] != two->counts[FUNCTION_SELF])
        return one->counts[FUNCTION_SELF] < two->counts[FUNCTION_SELF] ? 1 : -1;
    return strcmp(one->names[FUNCTION_NAME], two->names[FUNCTION_NAME]);
}

void stacks_functions(struct tally *functions, const struct stack_node *root)
{
    for (size_t i = 0; i < root->child_count; i++)
        functions_count(functions, root->children[i], NULL);
    if (functions->count)
        qsort(functions->rows, functions->count, sizeof *functions->rows, by_self);
}

static void layers_count(const struct stack_node *node, double self[LAYERS])
{
    self[node->layer] += node->self;
    for (size_t i = 0; i < node->child_count; i++)
        layers_count(node->children[i], self);
}

void stacks_layers(const struct stack_node *root, double self[LAYERS])
{
    for (int layer = 0; layer < LAYERS; layer++)
        self[layer] = 0;
    layers_count(root, self);
}

/* ---- the picture ---- */

/* In the picture's own units, which are pixels where it is shown at its own size. */
enum {
    WIDTH = 1200,
    MARGIN = 10,
    ROW = 17,
    TOP = 58, /* title and legend */
    BOTTOM = 10,
    TEXT_PAD = 3,
    SHORTEST = 6, /* characters that a label needs to be worth it */
    LEGEND_STEP = 230,
};
/* A box that is less wide is left out. */
static const double NARROWEST = 0.4;
static const double CHARACTER = 6.7; /* the width of one, at 11 pixels and in monospace */

/* The layers differ in lightness, not in hue alone: L* is about 92, 77 and 64. Black text on
 * the darkest has a contrast of 7 to 1. */
static const struct {
    const char *colour;
    const char *text;
} layers[LAYERS] = {
    [LAYER_SERVER] = {"#ffe8b0", "the server's own code"},
    [LAYER_LIBRARY] = {"#8cc8ea", "libraries"},
    [LAYER_KERNEL] = {"#b0948a", "the kernel"},
};

struct flame {
    FILE *out;
    double samples;
    double least; /* samples that a box needs to be drawn */
    size_t height;
    double left_out; /* samples in boxes that are too narrow */
};

static void write_label(const struct flame *flame, const char *name, double x, double y,
                        double width)
{
    double room = (width - 2 * TEXT_PAD) / CHARACTER;
    if (room < SHORTEST)
        return;
    char *label = utf8_shorten(name, (size_t)room);
    fprintf(flame->out, "<text x=\"%.1f\" y=\"%.0f\">", x + TEXT_PAD, y + ROW - 5);
    escape_text(flame->out, label);
    fputs("</text>", flame->out);
    free(label);
}

static void write_box(const struct flame *flame, const struct stack_node *node, double x,
                      size_t depth, double width)
{
    double y = (double)(flame->height - BOTTOM) - (double)depth * ROW;
    fputs("<g><title>", flame->out);
    escape_text(flame->out, node->name);
    fprintf(flame->out, " (%s): %.2f %%, %.0f of %.0f samples; %.2f %% in itself</title>",
            layers[node->layer].text, 100 * node->total / flame->samples, node->total,
            flame->samples, 100 * node->self / flame->samples);
    fprintf(flame->out,
            "<rect x=\"%.2f\" y=\"%.0f\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>", x,
            y, width, ROW - 1, layers[node->layer].colour);
    write_label(flame, node->name, x, y, width);
    fputs("</g>\n", flame->out);
}

/* A node's children stand on it, side by side from its left edge on; depth 1 is the lowest. */
static void write_children(struct flame *flame, const struct stack_node *parent, double x,
                           size_t depth)
{
    for (size_t i = 0; i < parent->child_count; i++) {
        const struct stack_node *node = parent->children[i];
        double width = (WIDTH - 2 * MARGIN) * node->total / flame->samples;
        if (node->total < flame->least) {
            flame->left_out += node->total;
        } else {
            write_box(flame, node, x, depth, width);
            write_children(flame, node, x, depth + 1);
        }
        x += width;
    }
}

static void write_legend(const struct flame *flame, const struct stack_node *root)
{
    double self[LAYERS];
    stacks_layers(root, self);
    for (int layer = 0; layer < LAYERS; layer++) {
        int x = MARGIN + layer * LEGEND_STEP;
        fprintf(flame->out,
                "<rect x=\"%d\" y=\"32\" width=\"12\" height=\"12\" fill=\"%s\" "
                "stroke=\"#606060\"/><text x=\"%d\" y=\"42\">%s: %.1f %%</text>\n",
                x, layers[layer].colour, x + 18, layers[layer].text,
                flame->samples > 0 ? 100 * self[layer] / flame->samples : 0);
    }
}

static void write_head(const struct flame *flame, const char *title, const char *id)
{
    fprintf(flame->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %zu\" "
            "width=\"100%%\" role=\"img\" aria-labelledby=\"%s-title\" "
            "font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\" "
            "font-size=\"11\" fill=\"#000000\">\n<title id=\"%s-title\">",
            WIDTH, flame->height, id, id);
    escape_text(flame->out, title);
    fprintf(flame->out,
            "</title>\n<rect width=\"%d\" height=\"%zu\" fill=\"#ffffff\"/>\n"
            "<text x=\"%d\" y=\"20\" font-size=\"15\">",
            WIDTH, flame->height, MARGIN);
    escape_text(flame->out, title);
    fputs("</text>\n", flame->out);
}

void flame_write(FILE *out, const struct stack_node *root, const char *title,
                 const char *id)
{
    struct flame flame = {
        .out = out,
        .samples = root->total,
        .least = root->total * NARROWEST / (WIDTH - 2 * MARGIN),
    };
    flame.height = TOP + stacks_depth(root, flame.least) * ROW + BOTTOM;
    write_head(&flame, title, id);
    write_legend(&flame, root);
    write_children(&flame, root, MARGIN, 1);
    if (flame.left_out > 0)
        fprintf(out,
                "<text x=\"%d\" y=\"42\" text-anchor=\"end\">too narrow to be drawn: "
                "%.1f %%</text>\n",
                WIDTH - MARGIN, 100 * flame.left_out / flame.samples);
    fputs("</svg>\n", out);
}
