/* clients.c - the load tools of a trial or a slice: one, or several side by side.
 * SPDX-License-Identifier: MIT */
#include "measure/clients.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "host/remote.h"
#include "load/merge.h"
#include "measure/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- who does what ---- */

/* "raw/NAME.txt", "raw/NAME-2.txt"; owned by the caller. */
static char *file_name(const char *name, size_t i, const char *suffix)
{
    return i == 0 ? alloc_format("raw/%s%s", name, suffix)
                  : alloc_format("raw/%s-%zu%s", name, i + 1, suffix);
}

static char *path_of(const struct clients *clients, const char *name, size_t i,
                     const char *suffix)
{
    char *file = file_name(name, i, suffix);
    char *path = alloc_format("%s/%s", clients->entrant->conditions->directory, file);
    free(file);
    return path;
}

/* The i-th of `count` nearly equal parts, the larger ones first. */
static long part(long whole, size_t i, size_t count)
{
    return whole / (long)count + ((long)i < whole % (long)count);
}

/* Where the i-th client's own table is to be found. */
static char *table_path(const struct clients *clients, const char *name, size_t i)
{
    const struct tool *tool = clients->entrant->tool;
    if (clients->brief || !tool->table)
        return NULL;
    if (remotes_count() == 0)
        return path_of(clients, name, i, ".csv");
    return tool->prints_table ? path_of(clients, name, i, ".txt") : NULL;
}

void clients_make(struct clients *clients, const struct entrant *entrant,
                  const struct load *load, const char *name, bool brief)
{
    size_t count = load->clients > 1 ? (size_t)load->clients : 1;
    *clients = (struct clients){.entrant = entrant,
                                .concurrency = load->concurrency,
                                .brief = brief,
                                .list = alloc_zeroed(count, sizeof *clients->list),
                                .count = count};
    for (size_t i = 0; i < count; i++) {
        struct client *client = &clients->list[i];
        client->load = *load;
        client->load.concurrency = (int)part(load->concurrency, i, count);
        client->load.requests = part(load->requests, i, count);
        client->output_path = path_of(clients, name, i, ".txt");
        client->table_path = table_path(clients, name, i);
    }
}

void clients_free(struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = &clients->list[i];
        usage_threads_free(&client->threads);
        free(client->output_path);
        free(client->table_path);
    }
    free(clients->list);
    *clients = (struct clients){0};
}

/* A tool is started in the run's folder. */
static const char *in_folder(const struct clients *clients, const char *path)
{
    return path + strlen(clients->entrant->conditions->directory) + 1;
}

/* Where the tool is to write its table. */
static const char *table_target(const struct clients *clients,
                                const struct client *client)
{
    if (!client->table_path)
        return NULL;
    return remotes_count() > 0 ? "/dev/stdout" : in_folder(clients, client->table_path);
}

static void command_make(const struct clients *clients, const struct client *client,
                         struct tool_command *command)
{
    const struct tool *tool = clients->entrant->tool;
    const struct server *server = &clients->entrant->box.server;
    if (clients->brief || (tool->table && !client->table_path))
        tool->brief(command, &client->load, client->load.requests, server->host,
                    server->port);
    else
        tool->command(command, &client->load, server->host, server->port,
                      table_target(clients, client));
}

/* The i-th's, as it can be repeated. */
static char *line_of(const struct clients *clients, size_t i)
{
    struct tool_command command;
    command_make(clients, &clients->list[i], &command);
    char *line = remote_line(i, command.line);
    tool_command_free(&command);
    return line;
}

char *clients_line(const struct clients *clients)
{
    char *all = line_of(clients, 0);
    for (size_t i = 1; i < clients->count; i++) {
        char *line = line_of(clients, i);
        char *longer = alloc_format("%s & %s", all, line);
        free(line);
        free(all);
        all = longer;
    }
    return all;
}

/* ---- from start to end ---- */

static int open_output(const char *path, const char *line, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    if (fd >= 0 && dprintf(fd, "$ %s\n", line) >= 0)
        return fd;
    err_set(err, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int start_one(struct clients *clients, size_t i, struct err *err)
{
    struct client *client = &clients->list[i];
    struct tool_command command;
    command_make(clients, client, &command);
    char *line = remote_line(i, command.line);
    int output = open_output(client->output_path, line, err);
    free(line);
    int failed = output < 0 ? -1
                            : entrant_start_tool(clients->entrant, &client->proc,
                                                 &command, (int)i, output, err);
    if (failed)
        client->proc.pid = 0;
    if (output >= 0)
        close(output);
    tool_command_free(&command);
    return failed;
}

int clients_start(struct clients *clients, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; !failed && i < clients->count; i++)
        failed = start_one(clients, i, err);
    if (failed)
        clients_stop(clients);
    return failed;
}

enum proc_event clients_wait(struct clients *clients, int timeout_ms)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = &clients->list[i];
        if (client->ended)
            continue;
        enum proc_event event = proc_wait(&client->proc, clock_left_ms(deadline));
        if (event != PROC_ENDED)
            return event;
        client->ended = true;
    }
    return PROC_ENDED;
}

void clients_stop(struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = &clients->list[i];
        if (client->proc.pid > 0)
            proc_stop(&client->proc, 500, &(bool){false});
        client->proc.pid = 0;
    }
}

void clients_look(struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++)
        usage_threads_read(&clients->list[i].threads, clients->list[i].proc.pid);
}

double clients_delay_s(const struct clients *clients)
{
    double sum = remotes_count() > 0 ? NAN : 0;
    for (size_t i = 0; i < clients->count; i++)
        sum += usage_threads_delay_s(&clients->list[i].threads);
    return sum;
}

static double cpu_s(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

int clients_collect(struct clients *clients, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = &clients->list[i];
        struct rusage usage = {0};
        client->status = proc_reap(&client->proc, &usage);
        client->proc.pid = 0;
        client->cpu_s = cpu_s(&usage);
        if (remotes_count() > 0) { /* that was ssh */
            clients->harness_cpu_s += client->cpu_s;
            client->cpu_s = remote_cpu_s(client->output_path);
        }
        clients->cpu_s += client->cpu_s;
        if (client->status < 0)
            failed =
                err_set(err, "%s: what it used was lost", clients->entrant->tool->name);
    }
    return failed;
}

/* ---- what came of it ---- */

int clients_result(const struct clients *clients, struct tool_result *result,
                   struct err *err)
{
    const struct entrant *entrant = clients->entrant;
    struct tool_result *each = alloc_zeroed(clients->count, sizeof *each);
    int failed = 0;
    for (size_t i = 0; i < clients->count && !failed; i++) {
        const struct client *client = &clients->list[i];
        failed = isnan(client->cpu_s)
                     ? remote_lost(i, err)
                     : tool_parse(entrant->tool, &each[i], &client->load, client->status,
                                  client->output_path, client->table_path, err);
    }
    if (!failed) {
        tool_results_merge(result, each, clients->count, clients->concurrency);
        failed = verify_result(result, entrant->expected.head_size,
                               entrant->expected.body_size, err);
    }
    free(each);
    return failed;
}

void clients_keep(const struct clients *clients, const char *name)
{
    for (size_t i = 0; i < clients->count; i++) {
        const char *path = clients->list[i].output_path;
        char *kept = name ? path_of(clients, name, i, ".txt") : NULL;
        if (kept)
            rename(path, kept);
        else
            unlink(path);
        free(kept);
    }
}
