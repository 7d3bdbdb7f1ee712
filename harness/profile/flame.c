/* flame.c - a flame graph (Gregg 2011): a tree of sampled stacks as a picture in which width is
 * the share of samples.
 * SPDX-License-Identifier: MIT */
#include "profile/flame.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>

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

/* For text and for attributes. */
static void write_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            fputc(*text, out);
    }
}

static void write_label(const struct flame *flame, const char *name, double x, double y,
                        double width)
{
    double room = (width - 2 * TEXT_PAD) / CHARACTER;
    if (room < SHORTEST)
        return;
    char *label = utf8_shorten(name, (size_t)room);
    fprintf(flame->out, "<text x=\"%.1f\" y=\"%.0f\">", x + TEXT_PAD, y + ROW - 5);
    write_escaped(flame->out, label);
    fputs("</text>", flame->out);
    free(label);
}

static void write_box(const struct flame *flame, const struct stack_node *node, double x,
                      size_t depth, double width)
{
    double y = (double)(flame->height - BOTTOM) - (double)depth * ROW;
    fputs("<g><title>", flame->out);
    write_escaped(flame->out, node->name);
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
    write_escaped(flame->out, title);
    fprintf(flame->out,
            "</title>\n<rect width=\"%d\" height=\"%zu\" fill=\"#ffffff\"/>\n"
            "<text x=\"%d\" y=\"20\" font-size=\"15\">",
            WIDTH, flame->height, MARGIN);
    write_escaped(flame->out, title);
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
    char *clean = utf8_clean(title);
    write_head(&flame, clean, id);
    free(clean);
    write_legend(&flame, root);
    write_children(&flame, root, MARGIN, 1);
    if (flame.left_out > 0)
        fprintf(out,
                "<text x=\"%d\" y=\"42\" text-anchor=\"end\">too narrow to be drawn: "
                "%.1f %%</text>\n",
                WIDTH - MARGIN, 100 * flame.left_out / flame.samples);
    fputs("</svg>\n", out);
}
