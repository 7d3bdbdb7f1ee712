/* retool.c - a suite's loads driven by other load tools than those that it names.
 * SPDX-License-Identifier: MIT */
#include "load/retool.h"

#include "base/alloc.h"
#include "load/suite_read.h"
#include "load/tool.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TOOLS_MAX = 8 };

/* The tools that were asked for, in that order. */
struct choice {
    const struct tool *tools[TOOLS_MAX];
    size_t count;
};

static bool choice_has(const struct choice *choice, const struct tool *tool)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->tools[i] == tool)
            return true;
    return false;
}

/* No tool fits in twice, so there is room for all there are. */
static int choice_add(struct choice *choice, const char *name, struct err *err)
{
    const struct tool *tool = tool_find(name);
    if (!tool) {
        char *names = tool_names();
        err_set(err, "unknown tool '%s'; there are: %s", name, names);
        free(names);
        return -1;
    }
    if (choice_has(choice, tool))
        return err_set(err, "tool '%s' is named twice", name);
    choice->tools[choice->count++] = tool;
    return 0;
}

static int choice_read(struct choice *choice, const char *names, struct err *err)
{
    char *copy = alloc_copy(names), *rest = copy;
    int status = 0;
    for (char *name; status == 0 && (name = strsep(&rest, ","));)
        status = choice_add(choice, name, err);
    free(copy);
    return status;
}

/* As much of a load as another tool can count. */
static void amount_convert(struct load *load, const struct tool *tool)
{
    double requests = load->seconds * REQUESTS_FOR_A_SECOND;
    if (tool->timed && load->requests > 0) {
        load->seconds = ceil((double)load->requests / REQUESTS_FOR_A_SECOND);
        load->requests = 0;
    } else if (!tool->timed && load->requests == 0) {
        load->requests = (long)fmax(requests, load->concurrency);
        load->seconds = 0;
    }
}

static void load_retool(struct load *load, const struct tool *tool)
{
    if (strcmp(load->tool, tool->name) == 0)
        return;
    free(load->tool);
    load->tool = alloc_copy(tool->name);
    amount_convert(load, tool);
    load->rate = tool->paced ? load->rate : 0;
    load->slo = tool->paced ? load->slo : 0;
    free(load->title);
    load->title = load_title(load);
}

/* A load once more, under another tool and another name. */
static struct load load_copy(const struct load *load, const struct tool *tool)
{
    struct load copy = *load;
    copy.name = alloc_format("%s-%s", load->name, tool->name);
    copy.title = alloc_copy(load->title);
    copy.tool = alloc_copy(load->tool);
    copy.path = alloc_copy(load->path);
    load_retool(&copy, tool);
    return copy;
}

static void name_extend(char **name, const struct tool *tool)
{
    char *longer = *name ? alloc_format("%s-%s", *name, tool->name) : NULL;
    free(*name);
    *name = longer;
}

static void suite_multiply(struct suite *suite, const struct choice *choice)
{
    struct load *loads =
        alloc_zeroed(suite->load_count * choice->count, sizeof *suite->loads);
    size_t count = 0;
    for (size_t i = 0; i < suite->load_count; i++) {
        for (size_t t = 0; t < choice->count; t++)
            loads[count++] = load_copy(&suite->loads[i], choice->tools[t]);
        load_free(&suite->loads[i]);
    }
    free(suite->loads);
    suite->loads = loads;
    suite->load_count = count;
    name_extend(&suite->compare_from, choice->tools[0]);
    name_extend(&suite->compare_to, choice->tools[0]);
}

int suite_retool(struct suite *suite, const char *names, struct err *err)
{
    struct choice choice = {0};
    if (choice_read(&choice, names, err) < 0)
        return -1;
    if (suite->load_count * choice.count > LOADS_MAX)
        return err_set(err, "%zu loads under %zu tools are more than %d",
                       suite->load_count, choice.count, LOADS_MAX);
    if (choice.count > 1)
        suite_multiply(suite, &choice);
    for (size_t i = 0; choice.count == 1 && i < suite->load_count; i++)
        load_retool(&suite->loads[i], choice.tools[0]);
    return 0;
}
