/* profile.c - what one request costs, for several servers: the parts, the value, and how it is
 * measured.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "host/cgroup.h"
#include "host/machine.h"
#include "host/netns.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct part *const parts[PARTS] = {
    &part_phases,     &part_instructions, &part_syscalls,
    &part_allocation, &part_memory,       &part_stacks,
};

size_t parts_find(const char *name)
{
    size_t part = 0;
    while (part < PARTS && (!name || strcmp(parts[part]->name, name) != 0))
        part++;
    return part;
}

/* ---- the value ---- */

const json_t *profile_part(const struct profile_server *server, const struct part *part)
{
    return server->data[parts_find(part->name)];
}

bool profile_has(const struct profile *profile, const struct part *part)
{
    for (size_t i = 0; i < profile->server_count; i++)
        if (profile_part(&profile->servers[i], part))
            return true;
    return false;
}

double profile_number(const json_t *data, const char *key)
{
    const json_t *number = json_object_get(data, key);
    return json_is_number(number) ? json_number_value(number) : NAN;
}

const char *profile_text(const json_t *data, const char *key)
{
    const char *text = json_string_value(json_object_get(data, key));
    return text ? text : "";
}

void profile_free(struct profile *profile)
{
    for (size_t i = 0; i < profile->server_count; i++) {
        struct profile_server *server = &profile->servers[i];
        run_server_free(&server->server);
        for (size_t part = 0; part < PARTS; part++) {
            json_decref(server->data[part]);
            free(server->missing[part]);
        }
    }
    for (size_t i = 0; i < profile->machine_count; i++) {
        free(profile->machine[i].name);
        free(profile->machine[i].value);
    }
    for (size_t i = 0; i < profile->note_count; i++)
        free(profile->notes[i]);
    free(profile->notes);
    free(profile->servers);
    free(profile->machine);
    free(profile->started);
    *profile = (struct profile){0};
}

/* ---- measuring ---- */

static void setup_prepare(struct setup *setup, const char *directory)
{
    struct err err;
    *setup = (struct setup){.folder = directory, .cpus = cpus_choose()};
    setup->own_cgroup = cgroup_init(&err) == 0;
    setup->own_network = netns_enter_fresh(&err) == 0;
}

static FILE *store_open(const char *directory, struct err *err)
{
    char *path = alloc_format("%s/%s", directory, STORE_NAME);
    FILE *file = fopen(path, "wxe");
    if (!file)
        err_set(err, "%s: %s", path, strerror(errno));
    free(path);
    return file;
}

static void show(const struct profile_server *server, size_t part, double seconds)
{
    const char *missing = server->missing[part];
    char *line =
        alloc_format("%s: %s%s%s (%.0f s)", server->server.name, parts[part]->name,
                     missing ? ": " : "", missing ? missing : "", seconds);
    fputs(isatty(STDERR_FILENO) ? "\r\033[K" : "", stderr);
    utf8_print(stderr, line);
    fputs("\n", stderr);
    free(line);
}

static int try_part(json_t *data, const struct part *part, const struct setup *setup,
                    const struct run_server *server, struct err *err)
{
    if (part->program && target_tool(part->program, part->package, err) < 0)
        return -1;
    return part->measure(data, setup, server, err);
}

static void measure_part(struct profile_server *server, size_t part,
                         const struct setup *setup)
{
    struct err err;
    json_t *data = json_object();
    double start = clock_now();
    if (isatty(STDERR_FILENO)) {
        utf8_print(stderr, server->server.name);
        fprintf(stderr, ": %s …", parts[part]->name);
    }
    if (try_part(data, parts[part], setup, &server->server, &err) == 0)
        server->data[part] = json_incref(data);
    else
        server->missing[part] =
            alloc_copy(interrupt_requested() ? "interrupted" : err.text);
    json_decref(data);
    show(server, part, clock_now() - start);
}

/* Part by part, so that what is compared is measured within a short time. */
static int measure_all(struct profile *profile, const bool wanted[PARTS],
                       const struct setup *setup, FILE *store, struct err *err)
{
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; wanted[part] && i < profile->server_count; i++) {
            struct profile_server *server = &profile->servers[i];
            if (server->server.missing)
                continue;
            measure_part(server, part, setup);
            if (server->missing[part] && !interrupt_requested() &&
                outfile_check_room(setup->folder, err) < 0)
                return -1;
            /* What was had is kept, though the user may have stopped it by now. */
            if ((server->data[part] || !interrupt_requested()) &&
                store_write_part(store, server, part, err) < 0)
                return -1;
            if (interrupt_requested())
                return 0;
        }
    return 0;
}

int profile_measure(struct profile *profile, const bool wanted[PARTS],
                    const char *directory, struct err *err)
{
    struct setup setup;
    FILE *store = store_open(directory, err);
    if (!store)
        return -1;
    int failed = interrupt_catch(err);
    setup_prepare(&setup, directory);
    machine_describe(&profile->machine, &profile->machine_count, paths_build());
    if (!failed)
        failed = store_write_head(store, profile, err);
    if (!failed)
        failed = measure_all(profile, wanted, &setup, store, err);
    cgroup_end();
    if (fclose(store) == EOF && !failed)
        failed = err_set(err, STORE_NAME ": %s", strerror(errno));
    return failed;
}
