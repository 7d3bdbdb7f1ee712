/* memory.c - what a server has in memory: idle, with many connections open, after them, and
 * after many requests; as the second article sums it up: by the permissions of its mappings,
 * shared or its own, clean or dirty.
 * SPDX-License-Identifier: MIT */
#include "profile/memory.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "host/descriptors.h"
#include "profile/tally.h"
#include "subject/http.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Where the slope is taken. The first is one connection: what the first request touches is the
 * program's, not a connection's. */
static const size_t steps[] = {1, 250, 500, 750, 1000};
enum { STEPS = sizeof steps / sizeof *steps, MOST_OPEN = 1000 };

/* A million requests behind the first step or, of a server that is slow, those of 20 s. A step has
 * some with a connection each, and some on connections that are kept. */
enum { LEAK_STEPS = 11, LEAK_STEPS_LEAST = 3, STEP_CLOSING = 5000, STEP_KEPT = 95000 };
enum { LEAK_CONCURRENCY = 50 };
static const double LEAK_SECONDS = 20;

/* For a reply; and for all to be closed. */
static const double REPLY_TIMEOUT_S = 5;
static const double LEAVE_TIMEOUT_S = 5;

static const char *const kind_labels[PAGE_KINDS] = {
    [SHARED_CLEAN] = "Shared_Clean:",
    [SHARED_DIRTY] = "Shared_Dirty:",
    [PRIVATE_CLEAN] = "Private_Clean:",
    [PRIVATE_DIRTY] = "Private_Dirty:",
};

void maps_free(struct maps *maps)
{
    free(maps->rows);
    *maps = (struct maps){0};
}

static void maps_append(struct maps *maps, const struct maps_row *row)
{
    maps->rows = alloc_resize(maps->rows, maps->count + 1, sizeof *maps->rows);
    maps->rows[maps->count++] = *row;
}

/* ---- a process ---- */

/* "START-END PERMISSIONS OFFSET DEVICE INODE   PATH": a mapping begins. What has an inode is a
 * file's. */
static bool parse_mapping(struct maps_row *row, const char *line)
{
    unsigned long long inode;
    *row = (struct maps_row){0};
    if (sscanf(line, "%llx-%*x %4s %*x %*x:%*x %llu", &row->start, row->permissions,
               &inode) != 3 ||
        strlen(row->permissions) != 4)
        return false;
    row->mapped = inode != 0;
    return true;
}

/* "Private_Dirty:         8 kB", or another line of a mapping: VmFlags, THPeligible, ... */
static bool parse_detail(struct maps_row *row, const char *line)
{
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        size_t length = strlen(kind_labels[kind]);
        if (strncmp(line, kind_labels[kind], length) == 0)
            return sscanf(line + length, "%lf kB", &row->kb[kind]) == 1;
    }
    return isupper((unsigned char)line[0]) && strchr(line, ':');
}

static int parse_line(void *to, char *line)
{
    struct maps *maps = to;
    struct maps_row next;
    if (parse_mapping(&next, line))
        maps_append(maps, &next);
    else if (maps->count == 0 || !parse_detail(&maps->rows[maps->count - 1], line))
        return -1;
    return 0;
}

int maps_parse(struct maps *maps, FILE *smaps, struct err *err)
{
    *maps = (struct maps){0};
    int failed = lines_read(smaps, "smaps", parse_line, maps, err);
    if (failed)
        maps_free(maps);
    else
        maps->processes = maps->count > 0;
    return failed;
}

int maps_add_process(struct maps *maps, pid_t pid, struct err *err)
{
    char path[64];
    struct maps one;
    snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file && (errno == ENOENT || errno == ESRCH))
        return 0;
    if (!file)
        return err_set(err, "%s: %s", path, strerror(errno));
    int failed = maps_parse(&one, file, err);
    fclose(file);
    if (failed)
        return -1;
    one.page_tables_kb = target_status(pid, "VmPTE");
    maps_add(maps, &one);
    maps_free(&one);
    return 0;
}

/* ---- several ---- */

static struct maps_row *maps_find(const struct maps *maps, const struct maps_row *row)
{
    for (size_t i = 0; i < maps->count; i++)
        if (maps->rows[i].start == row->start && maps->rows[i].mapped == row->mapped &&
            strcmp(maps->rows[i].permissions, row->permissions) == 0)
            return &maps->rows[i];
    return NULL;
}

void maps_add(struct maps *maps, const struct maps *one)
{
    for (size_t i = 0; i < one->count; i++) {
        const struct maps_row *row = &one->rows[i];
        struct maps_row *same = maps_find(maps, row);
        if (!same) {
            maps_append(maps, row);
            continue;
        }
        for (int kind = 0; kind < PAGE_KINDS; kind++)
            if (kind == PRIVATE_CLEAN || kind == PRIVATE_DIRTY)
                same->kb[kind] += row->kb[kind];
            else if (row->kb[kind] > same->kb[kind])
                same->kb[kind] = row->kb[kind];
    }
    maps->page_tables_kb += one->page_tables_kb;
    maps->processes += one->processes;
}

/* Files before anonymous memory; code before data before what is only read, as the article. */
static int row_order(const void *a, const void *b)
{
    const struct maps_row *one = a, *two = b;
    if (one->mapped != two->mapped)
        return one->mapped ? -1 : 1;
    bool code[] = {one->permissions[2] == 'x', two->permissions[2] == 'x'};
    if (code[0] != code[1])
        return code[0] ? -1 : 1;
    return strcmp(two->permissions, one->permissions);
}

struct maps maps_by_permissions(const struct maps *maps)
{
    struct maps sum = {.page_tables_kb = maps->page_tables_kb,
                       .processes = maps->processes};
    for (size_t i = 0; i < maps->count; i++) {
        struct maps_row row = maps->rows[i];
        row.start = 0;
        struct maps_row *same = maps_find(&sum, &row);
        if (!same)
            maps_append(&sum, &row);
        for (int kind = 0; same && kind < PAGE_KINDS; kind++)
            same->kb[kind] += row.kb[kind];
    }
    if (sum.count)
        qsort(sum.rows, sum.count, sizeof *sum.rows, row_order);
    return sum;
}

double maps_kb(const struct maps *maps, enum page_kind kind)
{
    double kb = 0;
    for (size_t i = 0; i < maps->count; i++)
        kb += maps->rows[i].kb[kind];
    return kb;
}

/* ---- clients that were answered once and then stay, silent ---- */

/* Starts zeroed, freed by clients_leave. */
struct clients {
    struct http_conn *conns; /* owned */
    size_t count;
};

/* Asks once, and the reply must keep the connection. */
static int client_ask(struct http_conn *conn, const struct server *server,
                      struct err *err)
{
    char request[160];
    struct http_reply reply;
    double deadline = clock_now() + REPLY_TIMEOUT_S;
    int size = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s:%d\r\n\r\n",
                        server->host, server->port);
    if (http_open(conn, server->host, server->port, 0, deadline, err) < 0 ||
        http_send(conn, request, (size_t)size, deadline, err) < 0 ||
        http_receive(conn, &reply, false, deadline, err) < 0)
        return -1;
    int status = reply.status;
    http_reply_free(&reply);
    if (status != 200)
        return err_set(err, "GET / was answered with status %d", status);
    return conn->closed ? err_set(err, "the server did not keep the connection") : 0;
}

/* That the next client waits is the model of some servers, and no failure. */
static int tell_last(size_t served, const struct http_conn *next, const struct err *why,
                     struct err *err)
{
    if (served > 0 && next->size == 0 && !next->closed)
        return err_set(err,
                       "it serves %zu clients at a time, and could not be measured with "
                       "more",
                       served);
    return err_set(err, "connection %zu: %s", served + 1, why->text);
}

/* Makes them so many: each new one asks for / and waits for the reply. -1: the server did not
 * take or keep a connection; those that there are stay. */
static int clients_raise(struct clients *clients, size_t count,
                         const struct server *server, struct err *err)
{
    if (count > clients->count)
        clients->conns = alloc_resize(clients->conns, count, sizeof *clients->conns);
    while (clients->count < count) {
        struct err why;
        struct http_conn *conn = &clients->conns[clients->count];
        if (client_ask(conn, server, &why) < 0) {
            tell_last(clients->count, conn, &why, err);
            http_close(conn);
            return -1;
        }
        clients->count++;
    }
    return 0;
}

/* The server sees the end of what it is sent, and closes; that its end comes back says that it
 * did. */
static int client_leave(struct http_conn *conn, double deadline, struct err *err)
{
    if (shutdown(conn->fd, SHUT_WR) < 0)
        return err_set(err, "shutdown: %s", strerror(errno));
    return http_receive_end(conn, deadline, err);
}

/* Closes all, and waits until the server has closed its side of each, too. */
static int clients_leave(struct clients *clients, struct err *err)
{
    int failed = 0;
    double deadline = clock_now() + LEAVE_TIMEOUT_S;
    for (size_t i = 0; i < clients->count; i++) {
        struct err why;
        if (!failed && client_leave(&clients->conns[i], deadline, &why) < 0)
            failed = err_set(err, "the server did not close connection %zu: %s", i + 1,
                             why.text);
        http_close(&clients->conns[i]);
    }
    free(clients->conns);
    *clients = (struct clients){0};
    return failed;
}

/* ---- memory now ---- */

static int read_maps(struct maps *maps, const struct target *target, struct err *err)
{
    size_t room = MOST_OPEN + 64;
    pid_t *pids = alloc_zeroed(room, sizeof *pids);
    size_t count = target_pids(target, pids, room);
    int failed = count > room ? err_set(err, "the server has %zu processes", count) : 0;
    *maps = (struct maps){0};
    for (size_t i = 0; i < count && !failed; i++)
        failed = maps_add_process(maps, pids[i], err);
    free(pids);
    if (!failed && maps->count == 0)
        failed = err_set(err, "the server has no memory: it has ended");
    if (failed)
        maps_free(maps);
    return failed;
}

static double dirty_kb(const struct maps *maps)
{
    return maps_kb(maps, SHARED_DIRTY) + maps_kb(maps, PRIVATE_DIRTY);
}

/* The rows of the article's table. */
static json_t *maps_json(const struct maps *maps)
{
    json_t *rows = json_array();
    struct maps sum = maps_by_permissions(maps);
    for (size_t i = 0; i < sum.count; i++) {
        const struct maps_row *row = &sum.rows[i];
        json_array_append_new(rows,
                              json_pack("{s:s, s:b, s:f, s:f, s:f, s:f}", "permissions",
                                        row->permissions, "file", row->mapped,
                                        "shared_clean_kb", row->kb[SHARED_CLEAN],
                                        "shared_dirty_kb", row->kb[SHARED_DIRTY],
                                        "private_clean_kb", row->kb[PRIVATE_CLEAN],
                                        "private_dirty_kb", row->kb[PRIVATE_DIRTY]));
    }
    maps_free(&sum);
    return rows;
}

/* Keeps the table as data's member `name`, and its sum as NAME_mb. */
static int keep_maps(json_t *data, const char *name, const struct target *target,
                     struct err *err)
{
    struct maps maps;
    if (read_maps(&maps, target, err) < 0)
        return -1;
    json_object_set_new(data, name, maps_json(&maps));
    char *key = alloc_format("%s_mb", name);
    json_object_set_new(data, key, json_real(dirty_kb(&maps) / 1024));
    free(key);
    maps_free(&maps);
    return 0;
}

/* ---- connections ---- */

static int measure_step(json_t *points, struct clients *clients, size_t open,
                        const struct target *target, struct err *err)
{
    struct maps maps;
    if (clients_raise(clients, open, &target->box.server, err) < 0 ||
        read_maps(&maps, target, err) < 0)
        return -1;
    json_array_append_new(
        points, json_pack("{s:I, s:I, s:f, s:f}", "open", (json_int_t)open, "processes",
                          (json_int_t)maps.processes, "dirty_kb", dirty_kb(&maps),
                          "page_tables_kb", maps.page_tables_kb));
    maps_free(&maps);
    return 0;
}

static int measure_open(json_t *data, const struct target *target, struct err *err)
{
    struct clients clients = {0};
    struct err ignored;
    json_t *points = json_array();
    int failed = 0;
    json_object_set_new(data, "connections", points);
    for (size_t i = 0; i < STEPS && !failed; i++)
        failed = measure_step(points, &clients, steps[i], target, err);
    if (!failed)
        failed = keep_maps(data, "open", target, err);
    if (clients_leave(&clients, failed ? &ignored : err) < 0)
        failed = -1;
    return failed;
}

static int measure_connections(void *data, struct target *target, struct err *err)
{
    if (keep_maps(data, "idle", target, err) < 0 || measure_open(data, target, err) < 0)
        return -1;
    return keep_maps(data, "after", target, err);
}

/* ---- leaks ---- */

static int measure_leak_step(json_t *readings, struct target *target, struct err *err)
{
    struct maps maps;
    const struct drive closing = {.requests = STEP_CLOSING,
                                  .concurrency = LEAK_CONCURRENCY};
    const struct drive kept = {
        .requests = STEP_KEPT, .concurrency = LEAK_CONCURRENCY, .keepalive = true};
    if (target_drive(target, &closing, err) < 0 || target_drive(target, &kept, err) < 0 ||
        read_maps(&maps, target, err) < 0)
        return -1;
    json_array_append_new(readings, json_pack("{s:I, s:f}", "requests",
                                              (json_int_t)STEP_CLOSING + STEP_KEPT,
                                              "dirty_kb", dirty_kb(&maps)));
    maps_free(&maps);
    return 0;
}

static int measure_leak(void *data, struct target *target, struct err *err)
{
    json_t *readings = json_array();
    double until = clock_now() + LEAK_SECONDS;
    json_object_set_new(data, "leak", readings);
    for (size_t i = 0; i < LEAK_STEPS && (i < LEAK_STEPS_LEAST || clock_now() < until);
         i++)
        if (measure_leak_step(readings, target, err) < 0)
            return -1;
    return 0;
}

/* ---- the part ---- */

int memory_measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err)
{
    const struct target_options memory = {setup, server, "memory", NULL};
    const struct target_options leak = {setup, server, "leak", NULL};
    if (descriptors_raise(MOST_OPEN, err) < 0 ||
        target_use(&memory, measure_connections, data, err) < 0)
        return -1;
    return target_use(&leak, measure_leak, data, err);
}
