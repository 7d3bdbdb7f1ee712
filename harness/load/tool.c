/* tool.c - what all load tools share: the list of them and their command lines.
 * SPDX-License-Identifier: MIT */
#include "load/tool.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "host/remote.h"
#include "load/printout.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_TIMEOUT_MS = 5000 };

const struct tool *const tools[] = {&tool_ab, &tool_wrk, &tool_h2load, &tool_pace, NULL};

const struct tool *tool_find(const char *name)
{
    for (size_t i = 0; tools[i]; i++)
        if (strcmp(tools[i]->name, name) == 0)
            return tools[i];
    return NULL;
}

static void add_version(struct fact **facts, size_t *count, const struct tool *tool,
                        size_t host)
{
    char printed[4096];
    char version[64] = "not installed";
    char *argv[] = {(char *)tool->name, (char *)tool->version_option, NULL};
    struct err unused = {0};
    if (remote_capture(host, argv, printed, sizeof printed, VERSION_TIMEOUT_MS,
                       &unused) >= 0)
        tool->version(version, sizeof version, printed);
    char *name = remotes_count() > 0
                     ? alloc_format("%s on %s", tool->name, remote_name(host))
                     : alloc_copy(tool->name);
    machine_add(facts, count, name, version);
    free(name);
}

bool tool_is_used(const struct tool *tool, const struct suite *suite)
{
    for (size_t i = 0; i < suite->load_count; i++)
        if (strcmp(suite->loads[i].tool, tool->name) == 0 ||
            (suite->loads[i].idle > 0 && tool == &tool_pace))
            return true;
    return false;
}

void tools_describe(struct fact **facts, size_t *count, const struct suite *suite)
{
    for (size_t i = 0; tools[i]; i++)
        for (size_t host = 0; host == 0 || host < remotes_count(); host++)
            if (tool_is_used(tools[i], suite))
                add_version(facts, count, tools[i], host);
}

char *tool_names(void)
{
    char *names = alloc_copy(tools[0]->name);
    for (size_t i = 1; tools[i]; i++) {
        char *longer = alloc_format("%s %s", names, tools[i]->name);
        free(names);
        names = longer;
    }
    return names;
}

static void line_add(struct tool_command *command, const char *argument)
{
    char *word = quote_shell(argument);
    char *line = command->line ? alloc_format("%s %s", command->line, word) : NULL;
    if (line) {
        free(command->line);
        free(word);
    }
    command->line = line ? line : word;
}

void tool_command_add(struct tool_command *command, char *argument)
{
    size_t count = 0;
    while (command->argv[count])
        count++;
    command->argv[count] = argument;
    line_add(command, argument);
}

void tool_command_free(struct tool_command *command)
{
    for (size_t i = 0; command->argv[i]; i++)
        free(command->argv[i]);
    free(command->line);
    *command = (struct tool_command){0};
}

/* A figure below 0 is why the tool's figures could not be read. */
static void negative_tell(const struct tool *tool, const struct printout *printout,
                          struct err *err)
{
    const char *line = printout_negative(printout);
    if (line)
        err_set(err, "%s says \"%s\": the clock that it measures with was set back",
                tool->name, line);
}

int tool_parse(const struct tool *tool, struct tool_result *result,
               const struct load *load, int wait_status, const char *output_path,
               const char *table_path, struct err *err)
{
    tool_result_clear(result);
    struct printout printout;
    if (printout_read(&printout, output_path, err) < 0)
        return -1;
    int failed = tool->end(&printout, wait_status, err);
    if (!failed && (failed = tool->figures(result, load, &printout, err)))
        negative_tell(tool, &printout, err);
    printout_free(&printout);
    return failed || !tool->table || !table_path ? failed
                                                 : tool->table(result, table_path, err);
}

void tool_version_between(char *version, size_t size, const char *printed,
                          const char *before, const char *after)
{
    const char *start = strstr(printed, before);
    const char *end = start ? strstr(start + strlen(before), after) : NULL;
    if (!end) {
        snprintf(version, size, "unknown");
        return;
    }
    start += strlen(before);
    snprintf(version, size, "%.*s", (int)(end - start), start);
}
