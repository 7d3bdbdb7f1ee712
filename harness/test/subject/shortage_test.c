/* shortage_test.c - each server when memory is short: it closes clients, and does not end.
 * SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "subject/http.h"
#include "subject/server.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    CLIENTS = 300,      /* of 12 KB each, in a server that has 1 MB left */
    LEFT = 1024 * 1024, /* bytes */
    REPLY_MS = 10000,   /* within which a server replies that can */
    POLL_MS = 10,
};

static const char half_request[] = "GET / HTTP/1.0\r\nHost: ";
static const char request[] = "GET / HTTP/1.0\r\n\r\n";

static struct run_server *servers;
static size_t server_count;

/* Those as they are, since a sanitized one ends when it gets no memory: build/servers, for
 * build/sanitized/test/shortage_test as for build/test/shortage_test. */
static int servers_find(void **state)
{
    char path[4096], directory[5000];
    struct err err;
    (void)state;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n <= 0)
        return -1;
    int build = (int)((char *)memrchr(path, '/', (size_t)n) - path - strlen("/test"));
    snprintf(directory, sizeof directory, "%.*s/../servers/epoll", build, path);
    bool beside = access(directory, X_OK) == 0;
    snprintf(directory, sizeof directory, "%.*s%s/servers", build, path,
             beside ? "/.." : "");
    return server_find(&servers, &server_count, directory, NULL, 0, &err);
}

/* Leaves the server little more address space than it has. */
static void memory_limit(pid_t pid)
{
    char path[64];
    unsigned long pages;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu", &pages), 1);
    fclose(file);
    rlim_t bytes = pages * (rlim_t)sysconf(_SC_PAGESIZE) + LEFT;
    struct rlimit limit = {bytes, bytes};
    assert_int_equal(prlimit(pid, RLIMIT_AS, &limit, NULL), 0);
}

/* Whether there is an answer within the time, however often the client has to come. */
static bool answers(const struct server *server)
{
    struct http_reply reply;
    struct err err;
    double deadline = clock_now() + REPLY_MS / 1000.0;
    while (http_exchange(&reply, server->host, server->port, request, sizeof request - 1,
                         false, clock_left_ms(deadline), &err) < 0) {
        if (server_died(server) || clock_now() >= deadline)
            return false;
        poll(NULL, 0, POLL_MS);
    }
    http_reply_free(&reply);
    return true;
}

/* Half a request each. It does not matter whom the server closes. */
static void clients_open(struct http_conn *clients, const struct server *server)
{
    struct err err;
    double deadline = clock_now() + REPLY_MS / 1000.0;
    for (size_t i = 0; i < CLIENTS; i++)
        if (http_open(&clients[i], server->host, server->port, 0, deadline, &err) == 0)
            http_send(&clients[i], half_request, sizeof half_request - 1, deadline, &err);
}

static const char *outlives_a_shortage(const struct run_server *which)
{
    static struct http_conn clients[CLIENTS];
    struct server server;
    struct server_options options = {.host = "127.0.0.1", .cpu = -1, .error = -1};
    struct err err;
    if (server_start(&server, which->path, &options, &err) < 0)
        return "it does not start";
    bool answered = answers(&server);
    memory_limit(server.proc.pid);
    clients_open(clients, &server);
    for (size_t i = 0; i < CLIENTS; i++)
        http_close(&clients[i]);
    answered = answered && answers(&server);
    const char *died = server_died(&server);
    server_stop(&server, &err);
    return died ? died : answered ? NULL : "it does not answer";
}

static void a_shortage_of_memory_costs_clients_alone(void **state)
{
    int failed = 0;
    (void)state;
    assert_true(server_count > 0);
    for (size_t i = 0; i < server_count; i++) {
        const char *problem =
            servers[i].missing ? NULL : outlives_a_shortage(&servers[i]);
        if (problem)
            print_error("%s: %s\n", servers[i].name, problem);
        failed += problem != NULL;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shortage_of_memory_costs_clients_alone),
    };
    return cmocka_run_group_tests(tests, servers_find, NULL);
}
