/* suite.c - what to measure, as data: the loads of a run.
 * SPDX-License-Identifier: MIT */
#include "model/suite.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

const struct suite_server *suite_server(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->server_count; i++)
        if (strcmp(suite->servers[i].name, name) == 0)
            return &suite->servers[i];
    return NULL;
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
