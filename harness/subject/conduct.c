/* conduct.c - the contract beyond one conversation: how a server treats clients that are slow,
 * many, or rude, and what it does on a signal.
 * SPDX-License-Identifier: MIT */
#include "subject/conduct.h"

#include "base/clock.h"
#include "host/usage.h"
#include "subject/exchange.h"
#include "subject/http.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    END_TIMEOUT_MS = 2000, /* from a signal to the end */
    CLIENTS = 64,
    SLOW_PAGES = 128, /* of 50 KB: more than the kernel keeps for a socket (4 MB) */
    SLOW_WINDOW = 64 * 1024, /* bytes */
    UNREAD_REQUESTS = 530,   /* more than 16 KiB of them */
    WAITING_REQUESTS = 400,  /* more than 8 KiB of them, so more than one read takes */
    IDLE_MS = 500,
    IDLE_TRIES = 6,
    IDLE_PERCENT = 5, /* of a CPU; low, since one that spins may have to share its CPU */
};

static const char half_request[] = "GET / HTTP/1.0\r\nHost: ";
static const char other_half[] = "localhost\r\n\r\n";

/* ---- starting ---- */

static int probe(const struct subject *subject, struct finding *finding)
{
    return exchange_probe(subject->running.host, subject->running.port, finding);
}

static int address_try(struct subject *subject, struct finding *finding)
{
    struct http_conn conn;
    struct err err;
    static const char host[] = "127.0.0.2";
    snprintf(finding->sent, sizeof finding->sent, "%s -a %s", subject->server->path,
             host);
    if (subject_start(subject, host, finding) < 0)
        return -1;
    if (strcmp(subject->running.host, host) != 0)
        return finding_says(finding, "listening on 127.0.0.2", "listening on %s",
                            subject->running.host);
    double deadline = clock_now() + REPLY_TIMEOUT_MS / 1000.0;
    int refused = http_open(&conn, "127.0.0.3", subject->running.port, 0, deadline, &err);
    http_close(&conn);
    if (!refused)
        return finding_says(finding, "listening on 127.0.0.2 alone",
                            "127.0.0.3 answers as well");
    return exchange_probe(host, subject->running.port, finding);
}

/* ---- rude, slow and many clients ---- */

/* With a linger time of 0 closing sends a reset (socket(7)). */
static int reset_after(const struct subject *subject, const char *request,
                       struct finding *finding)
{
    struct http_conn conn;
    struct linger now = {.l_onoff = 1};
    int failed = client_open(&conn, subject, 0, finding) < 0 ||
                 client_send(&conn, request, finding) < 0;
    if (!failed && setsockopt(conn.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
        failed = finding_says(finding, "SO_LINGER", "%s", strerror(errno));
    http_close(&conn);
    return failed ? -1 : 0;
}

static int reset_try(struct subject *subject, struct finding *finding)
{
    static const char *const requests[] = {
        "", half_request, "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /50k HTTP/1.1\r\nHost: a\r\n\r\nGET /50k HTTP/1.1\r\nHost: a\r\n\r\n"};
    for (size_t i = 0; i < 8 * (sizeof requests / sizeof *requests); i++)
        if (reset_after(subject, requests[i % 4], finding) < 0)
            return -1;
    if (probe(subject, finding) == 0)
        return 0;
    snprintf(finding->sent, sizeof finding->sent,
             "32 requests whose clients reset the connection, then GET /");
    return -1;
}

static int stalled_client(struct subject *subject, struct http_conn *stalled,
                          struct finding *finding)
{
    if (client_open(stalled, subject, 0, finding) < 0 ||
        client_send(stalled, half_request, finding) < 0)
        return -1;
    http_await_read(stalled, READ_TIMEOUT_MS);
    if (probe(subject, finding) < 0 || client_send(stalled, other_half, finding) < 0)
        return -1;
    return client_receive(stalled, strlen("Hello, World!"), finding);
}

static int stalled_try(struct subject *subject, struct finding *finding)
{
    struct http_conn stalled;
    int failed = stalled_client(subject, &stalled, finding);
    if (failed)
        snprintf(finding->sent, sizeof finding->sent,
                 "half a request by one client, GET / by another, then the other half");
    http_close(&stalled);
    return failed;
}

static int slow_client(struct subject *subject, struct http_conn *slow,
                       struct finding *finding)
{
    if (client_open(slow, subject, SLOW_WINDOW, finding) < 0)
        return -1;
    for (int i = 0; i < SLOW_PAGES; i++)
        if (client_send(slow, "GET /50k HTTP/1.1\r\nHost: a\r\n\r\n", finding) < 0)
            return -1;
    if (probe(subject, finding) < 0)
        return -1;
    for (int i = 0; i < SLOW_PAGES; i++)
        if (client_receive(slow, 50 * 1024, finding) < 0)
            return -1;
    return 0;
}

static int slow_try(struct subject *subject, struct finding *finding)
{
    struct http_conn slow;
    int failed = slow_client(subject, &slow, finding);
    if (failed)
        snprintf(finding->sent, sizeof finding->sent,
                 "%d pipelined GET /50k, GET / by another client, and only then read",
                 SLOW_PAGES);
    http_close(&slow);
    return failed;
}

/* The server may yet be sending what the kernel takes for the client, hence the tries. */
static int idle_await(const struct subject *subject, struct finding *finding)
{
    pid_t pid = subject->running.proc.pid;
    double percent = 100;
    for (int i = 0; i < IDLE_TRIES && percent >= IDLE_PERCENT; i++) {
        double start = clock_now(), used_s = usage_server_s(pid, NULL);
        poll(NULL, 0, IDLE_MS);
        percent = 100 * (usage_server_s(pid, NULL) - used_s) / (clock_now() - start);
    }
    if (percent < IDLE_PERCENT)
        return 0;
    return finding_says(finding, "a server that waits", "it uses %.0f %% of a CPU",
                        percent);
}

static int unread_client(struct subject *subject, struct http_conn *unread,
                         struct finding *finding)
{
    static const char request[] = "GET /50k HTTP/1.1\r\nHost: a\r\n\r\n";
    enum { LENGTH = sizeof request - 1 };
    char requests[UNREAD_REQUESTS * LENGTH + 1];
    for (size_t i = 0; i < UNREAD_REQUESTS; i++)
        memcpy(requests + i * LENGTH, request, sizeof request);
    if (client_open(unread, subject, SLOW_WINDOW, finding) < 0 ||
        client_send(unread, requests, finding) < 0)
        return -1;
    return idle_await(subject, finding);
}

static int unread_try(struct subject *subject, struct finding *finding)
{
    struct http_conn unread;
    int failed = unread_client(subject, &unread, finding);
    if (failed)
        snprintf(finding->sent, sizeof finding->sent,
                 "%d pipelined GET /50k by a client that does not read", UNREAD_REQUESTS);
    http_close(&unread);
    return failed;
}

/* The last to connect asks first, so that none is answered before all are connected. */
static int many_clients(struct subject *subject, struct http_conn *clients,
                        struct finding *finding)
{
    for (int i = 0; i < CLIENTS; i++)
        if (client_open(&clients[i], subject, 0, finding) < 0)
            return -1;
    for (int i = CLIENTS - 1; i >= 0; i--)
        if (client_send(&clients[i], "GET / HTTP/1.0\r\n\r\n", finding) < 0)
            return -1;
    for (int i = 0; i < CLIENTS; i++)
        if (client_receive(&clients[i], strlen("Hello, World!"), finding) < 0)
            return -1;
    return 0;
}

static int many_try(struct subject *subject, struct finding *finding)
{
    struct http_conn clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = (struct http_conn){.fd = -1};
    int failed = many_clients(subject, clients, finding);
    if (failed)
        snprintf(finding->sent, sizeof finding->sent,
                 "GET / on each of %d connections that are open at once", CLIENTS);
    for (int i = 0; i < CLIENTS; i++)
        http_close(&clients[i]);
    return failed;
}

/* They come at once, after the first reply: a server that is told of what is new, and not of what is
 * left, has to read on. */
static int waiting_client(struct subject *subject, struct http_conn *conn,
                          struct finding *finding)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    char requests[WAITING_REQUESTS * sizeof request];
    char *end = requests;
    for (int i = 0; i < WAITING_REQUESTS; i++)
        end = stpcpy(end, request);
    if (client_open(conn, subject, 0, finding) < 0 ||
        client_send(conn, request, finding) < 0 ||
        client_receive(conn, strlen("Hello, World!"), finding) < 0 ||
        client_send(conn, requests, finding) < 0)
        return -1;
    for (int i = 0; i < WAITING_REQUESTS; i++)
        if (client_receive(conn, strlen("Hello, World!"), finding) < 0)
            return -1;
    return 0;
}

static int waiting_try(struct subject *subject, struct finding *finding)
{
    struct http_conn conn;
    int failed = waiting_client(subject, &conn, finding);
    if (failed)
        snprintf(finding->sent, sizeof finding->sent,
                 "GET /, and after its reply %d at once", WAITING_REQUESTS);
    http_close(&conn);
    return failed;
}

/* ---- processes and signals ---- */

/* The second connection is taken by a server that has had a child for the first, if it makes
 * any. */
static int zombies_try(struct subject *subject, struct finding *finding)
{
    struct finding ignored;
    probe(subject, &ignored);
    probe(subject, &ignored);
    struct group group = group_await_no_zombie(subject->running.proc.pid, END_TIMEOUT_MS);
    if (group.zombies == 0)
        return 0;
    return finding_says(finding, "every child that has ended to be waited for",
                        "%d zombies", group.zombies);
}

/* Connects a client that is idle after its reply, and one within its request. */
static int clients_connect(struct subject *subject, struct http_conn *idle,
                           struct http_conn *busy, struct finding *finding)
{
    if (client_open(idle, subject, 0, finding) < 0 ||
        client_send(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", finding) < 0 ||
        client_receive(idle, strlen("Hello, World!"), finding) < 0 ||
        client_open(busy, subject, 0, finding) < 0)
        return -1;
    return client_send(busy, half_request, finding);
}

/* Sends the signal while clients are connected, and waits for the end: the server is then a
 * zombie that keeps its process group's number from being reused. */
static int signal_end(struct subject *subject, int number, struct finding *finding)
{
    struct http_conn idle = {.fd = -1};
    struct http_conn busy = {.fd = -1};
    int failed = clients_connect(subject, &idle, &busy, finding);
    if (!failed && kill(subject->running.proc.pid, number) < 0)
        failed = finding_says(finding, "a running server", "kill: %s", strerror(errno));
    if (!failed && proc_wait(&subject->running.proc, END_TIMEOUT_MS) != PROC_ENDED)
        failed = finding_says(finding, "exit status 0", "it ran on for %d s",
                              END_TIMEOUT_MS / 1000);
    http_close(&idle);
    http_close(&busy);
    snprintf(finding->sent, sizeof finding->sent,
             "SIG%s, with one client idle and one within its request",
             sigabbrev_np(number));
    return failed;
}

static int sigterm_try(struct subject *subject, struct finding *finding)
{
    struct finding second;
    if (signal_end(subject, SIGTERM, finding) == 0)
        return subject_stop(subject, finding);
    subject_stop(subject, &second);
    return -1;
}

static int sigint_try(struct subject *subject, struct finding *finding)
{
    struct finding second;
    if (signal_end(subject, SIGINT, finding) == 0)
        return subject_stop(subject, finding);
    subject_stop(subject, &second);
    return -1;
}

static int left_behind_try(struct subject *subject, struct finding *finding)
{
    struct finding second;
    struct group group = {0};
    int failed = signal_end(subject, SIGTERM, finding);
    if (!failed)
        group = group_await_no_living(subject->running.proc.pid, END_TIMEOUT_MS);
    subject_stop(subject, &second);
    if (failed || group.living == 0)
        return failed;
    return finding_says(finding, "every process of the server ended", "%d left running",
                        group.living);
}

static int silence_try(struct subject *subject, struct finding *finding)
{
    struct finding ignored;
    char text[512];
    probe(subject, &ignored);
    ssize_t n = pread(subject->error, text, sizeof text, 0);
    if (n == 0)
        return 0;
    if (n < 0)
        return finding_says(finding, "a file that can be read", "%s", strerror(errno));
    return finding_shows(finding, "nothing on standard error in all these checks", "",
                         text, (size_t)n);
}

/* ---- all of them ---- */

const struct conduct conducts_in_service[] = {
    {.name = "clients that reset their connections",
     .needs_running = true,
     .hello = true,
     .try = reset_try},
    {.name = "a client that stalls holds up no other",
     .needs_running = true,
     .excuse = "request",
     .hello = true,
     .try = stalled_try},
    {.name = "a slow reader of 6.5 MB holds up no other",
     .needs_running = true,
     .excuse = "reply",
     .try = slow_try},
    {.name = "a client that does not read costs no CPU",
     .needs_running = true,
     .try = unread_try},
    {.name = "64 connections open at once", .needs_running = true, .try = many_try},
    {.name = "400 requests at once on a connection that is kept",
     .needs_running = true,
     .try = waiting_try},
    {.name = "heads of exactly 1, 2, 3, 4 and 8 KiB, an empty line behind each",
     .needs_running = true,
     .try = last_reply_to_full_head_try},
    {.name = "an empty line behind the request, in a segment of its own",
     .needs_running = true,
     .try = last_reply_before_segment_try},
    {.name = "121 pipelined requests, of which the 101st asks to close",
     .needs_running = true,
     .try = last_reply_in_pipeline_try},
    {.name = "no zombies", .needs_running = true, .hello = true, .try = zombies_try},
    {.name = "SIGTERM: exit status 0",
     .needs_running = true,
     .hello = true,
     .try = sigterm_try},
    {.name = "SIGINT: exit status 0",
     .needs_running = true,
     .hello = true,
     .try = sigint_try},
    {.name = "no process left behind",
     .needs_running = true,
     .hello = true,
     .try = left_behind_try},
    {.name = "-a: listens there and nowhere else", .hello = true, .try = address_try},
    {.name = "silence on standard error", .needs_running = true, .try = silence_try},
};
const size_t conduct_in_service_count =
    sizeof conducts_in_service / sizeof *conducts_in_service;
