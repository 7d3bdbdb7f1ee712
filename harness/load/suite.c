/* suite.c - what to measure, as data: the loads of a run.
 * SPDX-License-Identifier: MIT */
#include "load/suite.h"

#include "base/alloc.h"
#include "load/key.h"
#include "load/tool.h"

#include <stdlib.h>
#include <string.h>

/* A tool that keeps connections is told to close them. */
static const char *title_end(const struct load *load)
{
    if (load->keepalive)
        return ", keep-alive";
    return tool_find(load->tool)->keeps ? ", Connection: close" : "";
}

char *load_title(const struct load *load)
{
    const char *path = strcmp(load->path, "/") == 0 ? "" : load->path;
    const char *blank = *path ? " " : "";
    if (tool_find(load->tool)->timed)
        return alloc_format("%s -c %d -d %.0fs%s%s%s", load->tool, load->concurrency,
                            load->seconds, blank, path, title_end(load));
    return alloc_format("%s -c %d -n %ld%s%s%s", load->tool, load->concurrency,
                        load->requests, blank, path, title_end(load));
}

int load_check(const struct load *load, struct err *err)
{
    bool timed = tool_find(load->tool)->timed;
    if (load->concurrency == 0)
        return err_set(err, "load '%s' has no concurrency", load->name);
    if (timed && (load->seconds == 0 || load->requests != 0))
        return err_set(err,
                       "load '%s': %s counts time, so give it seconds, and no requests",
                       load->name, load->tool);
    if (!timed && (load->requests == 0 || load->seconds != 0))
        return err_set(err,
                       "load '%s': %s counts requests, so give it requests, and no "
                       "seconds",
                       load->name, load->tool);
    if (!timed && load->concurrency > load->requests)
        return err_set(err, "load '%s' has more concurrency (%d) than requests (%ld)",
                       load->name, load->concurrency, load->requests);
    return 0;
}

const struct suite_server *suite_server(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->server_count; i++)
        if (strcmp(suite->servers[i].name, name) == 0)
            return &suite->servers[i];
    return NULL;
}

int suite_check(const struct suite *suite, struct err *err)
{
    for (size_t i = 0; i < suite->load_count; i++) {
        const struct load *load = &suite->loads[i];
        if (!tool_find(load->tool))
            return err_set(err, "load '%s': unknown tool '%s'", load->name, load->tool);
        if (keys_check_numbers(load, err) < 0 || load_check(load, err) < 0)
            return -1;
    }
    return 0;
}

const struct load *suite_load(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->load_count; i++)
        if (strcmp(suite->loads[i].name, name) == 0)
            return &suite->loads[i];
    return NULL;
}

void load_free(struct load *load)
{
    free(load->name);
    free(load->title);
    free(load->tool);
    free(load->path);
    *load = (struct load){0};
}

static void server_free(struct suite_server *server)
{
    free(server->name);
    free(server->program);
    free(server->environment);
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->load_count; i++)
        load_free(&suite->loads[i]);
    free(suite->loads);
    for (size_t i = 0; i < suite->server_count; i++)
        server_free(&suite->servers[i]);
    free(suite->servers);
    free(suite->name);
    free(suite->about);
    free(suite->compare_from);
    free(suite->compare_to);
    *suite = (struct suite){0};
}
