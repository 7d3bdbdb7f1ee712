/* stacks_tree.c - where samples of a running program were taken, as a tree of who called whom.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks_tree.h"

#include "base/alloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- making it ---- */

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

/* ---- looking at it ---- */

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

struct functions {
    struct stack_function *list;
    size_t count;
};

static struct stack_function *functions_of(struct functions *functions,
                                           const struct stack_node *node)
{
    for (size_t i = 0; i < functions->count; i++)
        if (node_order(node, functions->list[i].name, functions->list[i].layer) == 0)
            return &functions->list[i];
    functions->list =
        alloc_resize(functions->list, functions->count + 1, sizeof *functions->list);
    struct stack_function *function = &functions->list[functions->count++];
    *function = (struct stack_function){.name = node->name, .layer = node->layer};
    return function;
}

static void functions_count(struct functions *functions, const struct stack_node *node,
                            const struct path *up)
{
    struct stack_function *function = functions_of(functions, node);
    function->self += node->self;
    if (!path_has(up, node))
        function->total += node->total;
    const struct path path = {.up = up, .node = node};
    for (size_t i = 0; i < node->child_count; i++)
        functions_count(functions, node->children[i], &path);
}

static int by_self(const void *a, const void *b)
{
    const struct stack_function *one = a, *two = b;
    if (one->self != two->self)
        return one->self < two->self ? 1 : -1;
    return strcmp(one->name, two->name);
}

struct stack_function *stacks_functions(const struct stack_node *root, size_t *count)
{
    struct functions functions = {0};
    for (size_t i = 0; i < root->child_count; i++)
        functions_count(&functions, root->children[i], NULL);
    if (functions.count)
        qsort(functions.list, functions.count, sizeof *functions.list, by_self);
    *count = functions.count;
    return functions.list;
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
