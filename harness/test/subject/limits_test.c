/* limits_test.c - each server where something runs out, or begins in an odd state: it does not
 * start, or it serves; and once there is enough again, it serves those who wait.
 * SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "subject/http.h"
#include "subject/server.h"
#include "subject/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE = 10 }; /* with a machine that is busy with other tests */

enum {
    REPLY_MS = 3000, /* within which a server replies that can */
    QUIET_MS = 250,  /* in which one that cannot has tried */
    POLL_MS = 10,
    CHILDREN = 128, /* of prefork */
};

static const char request[] = "GET / HTTP/1.0\r\n\r\n";

/* The servers beside this test: build/test/limits_test, build/servers/. */
static char directory[4096];
static struct run_server *servers;
static size_t server_count;
static int error_file;

static int servers_find(void **state)
{
    (void)state;
    struct err err;
    ssize_t n = readlink("/proc/self/exe", directory, sizeof directory - 16);
    if (n <= 0)
        return -1;
    *(char *)memrchr(directory, '/', (size_t)n) = '\0';
    memcpy(strrchr(directory, '/'), "/servers", sizeof "/servers");
    error_file = memfd_create("error", 0); /* servers inherit it, so they have no gap */
    return server_find(&servers, &server_count, directory, NULL, 0, &err);
}

static struct rlimit descriptors(void)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    return limit;
}

static bool is_named(const struct run_server *which, const char *name)
{
    return strcmp(which->name, name) == 0;
}

static int start(struct server *server, const struct run_server *which,
                 const char *environment, char *const *wrapper, struct err *err)
{
    assert_int_equal(ftruncate(error_file, 0), 0);
    assert_int_equal(lseek(error_file, 0, SEEK_SET), 0);
    return server_start(server, which->path,
                        &(struct server_options){.host = "127.0.0.1",
                                                 .cpu = -1,
                                                 .environment = environment,
                                                 .error = error_file,
                                                 .patience = PATIENCE,
                                                 .wrapper = wrapper},
                        err);
}

static void must_start(struct server *server, const struct run_server *which,
                       const char *environment, char *const *wrapper)
{
    struct err err;
    if (start(server, which, environment, wrapper, &err) < 0)
        fail_msg("%s: %s", which->name, err.text);
}

static void must_stop(struct server *server, const struct run_server *which)
{
    struct err err;
    if (server_stop(server, &err) < 0)
        fail_msg("%s: %s", which->name, err.text);
}

static void must_run(const struct server *server, const struct run_server *which)
{
    const char *died = server_died(server);
    if (died)
        fail_msg("%s: it ended: %s", which->name, died);
}

/* A new client is answered, however often it has to come: libuv, and io_uring where its table is
 * full, close those that they have no room for. */
static void must_answer(const struct server *server, const struct run_server *which)
{
    struct http_reply reply;
    struct err err;
    double deadline = clock_now() + REPLY_MS / 1000.0;
    while (http_exchange(&reply, server->host, server->port, request, sizeof request - 1,
                         false, clock_left_ms(deadline), &err) < 0) {
        must_run(server, which);
        if (clock_now() >= deadline)
            fail_msg("%s: %s", which->name, err.text);
        poll(NULL, 0, POLL_MS);
    }
    http_reply_free(&reply);
}

/* ---- descriptors ---- */

/* A client that sends its request, and is not answered for now. */
static void client_wait(struct http_conn *client, const struct server *server)
{
    struct http_reply reply;
    struct err err;
    double deadline = clock_now() + QUIET_MS / 1000.0;
    if (http_open(client, server->host, server->port, 0, deadline, &err) == 0 &&
        http_send(client, request, sizeof request - 1, deadline, &err) == 0 &&
        http_receive(client, &reply, false, deadline, &err) == 0)
        http_reply_free(&reply);
}

/* How many descriptors a process has, if they have no gaps. */
static rlim_t descriptors_of(pid_t pid)
{
    char path[64];
    rlim_t count = 0;
    do
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, (int)count++);
    while (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
    return count - 1;
}

/* No client of its own could close, and yet it notices that there are descriptors again. */
static void a_full_server_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < server_count; i++) {
        struct server server;
        struct http_conn client;
        struct rlimit before, full;
        if (servers[i].missing)
            continue;
        must_start(&server, &servers[i], NULL, NULL);
        assert_int_equal(prlimit(server.proc.pid, RLIMIT_NOFILE, NULL, &before), 0);
        full = (struct rlimit){descriptors_of(server.proc.pid), before.rlim_max};
        assert_int_equal(prlimit(server.proc.pid, RLIMIT_NOFILE, &full, NULL), 0);
        client_wait(&client, &server);
        must_run(&server, &servers[i]);
        assert_int_equal(prlimit(server.proc.pid, RLIMIT_NOFILE, &before, NULL), 0);
        must_answer(&server, &servers[i]);
        http_close(&client);
        must_stop(&server, &servers[i]);
    }
}

/* The first clients cannot be accepted, for another reason. */
static void a_failed_accept_is_tried_again(void **state)
{
    (void)state;
    char *wrapper[] = {"strace",
                       "-Df",
                       "-qqq",
                       "-o/dev/null",
                       "-etrace=accept4",
                       "-einject=accept4:error=ENOBUFS:when=1..3",
                       NULL};
    for (size_t i = 0; i < server_count; i++) {
        struct server server;
        struct err err;
        if (servers[i].missing)
            continue;
        if (start(&server, &servers[i], NULL, wrapper, &err) < 0)
            skip(); /* no strace, or it may not trace */
        must_answer(&server, &servers[i]);
        must_stop(&server, &servers[i]);
    }
}

/* A server that was let have so many descriptors, and no more. False: it did not start. */
static bool start_within(struct server *server, const struct run_server *which, int count)
{
    char limit[32];
    char *wrapper[] = {"prlimit", limit, NULL};
    struct err err;
    snprintf(limit, sizeof limit, "--nofile=%d", count);
    return start(server, which, NULL, wrapper, &err) == 0;
}

/* At the limit that is just enough to start, there may be no descriptor for any client. */
static void it_starts_or_fails_but_does_not_end(void **state)
{
    (void)state;
    const struct rlimit more = {64, 64};
    for (size_t i = 0; i < server_count; i++) {
        struct server server;
        struct http_conn client;
        int limit = 4;
        if (servers[i].missing)
            continue;
        while (limit < 64 && !start_within(&server, &servers[i], limit))
            limit++;
        assert_true(limit < 64);
        client_wait(&client, &server);
        must_run(&server, &servers[i]);
        if (prlimit(server.proc.pid, RLIMIT_NOFILE, &more, NULL) == 0) /* as root */
            must_answer(&server, &servers[i]);
        http_close(&client);
        must_stop(&server, &servers[i]);
    }
}

/* ---- select, whose bitmap ends at FD_SETSIZE ---- */

static const struct {
    const char *name;
    const char *environment;
    bool is_limited;
} on_select[] = {
    {"select", NULL, true},
    {"libevent", "EVENT_NOEPOLL=1 EVENT_NOPOLL=1", true},
    {"libev", "LIBEV_FLAGS=1", false}, /* its own bitmap grows */
};

enum { ON_SELECT = sizeof on_select / sizeof *on_select, CLIENTS = FD_SETSIZE + 76 };

static const struct run_server *find(const char *name)
{
    for (size_t i = 0; i < server_count; i++)
        if (is_named(&servers[i], name) && !servers[i].missing)
            return &servers[i];
    return NULL;
}

/* This program again, as what a server is started by: "inherit END PROGRAM …" has all
 * descriptors up to and without END open. abacus itself passes none on. */
static int inherit(char **argv)
{
    int end = atoi(argv[2]);
    int fd;
    while ((fd = open("/dev/null", O_RDONLY)) >= 0 && fd < end) /* NOLINT: inherited */
        ;
    close(fd);
    execv(argv[3], argv + 3);
    return 127;
}

static void descriptors_need(rlim_t count)
{
    struct rlimit limit = descriptors();
    if (limit.rlim_max < count)
        skip();
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* With `end` descriptors inherited, the listening socket is the next. */
static void try_inherited(size_t i, int end)
{
    const struct run_server *which = find(on_select[i].name);
    struct server server;
    struct err err;
    char count[16];
    char *wrapper[] = {"/proc/self/exe", "inherit", count, NULL};
    snprintf(count, sizeof count, "%d", end);
    if (!which)
        return;
    int failed = start(&server, which, on_select[i].environment, wrapper, &err);
    if (!on_select[i].is_limited || end + 1 < FD_SETSIZE) {
        assert_int_equal(failed, 0);
        must_answer(&server, which);
        must_stop(&server, which);
    } else {
        if (failed == 0) {
            server_stop(&server, &err);
            fail_msg("%s: it started with %d descriptors", which->name, end);
        }
        if (!strstr(err.text, "exit status 1: ") || !strstr(err.text, "FD_SETSIZE"))
            fail_msg("%s: %s", which->name, err.text);
    }
}

static void inherited_descriptors_leave_room_or_it_fails(void **state)
{
    (void)state;
    const int counts[] = {FD_SETSIZE - 8, FD_SETSIZE - 1, FD_SETSIZE, FD_SETSIZE + 76};
    descriptors_need(2 * CLIENTS);
    for (size_t i = 0; i < ON_SELECT; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
            try_inherited(i, counts[j]);
}

/* More clients than there are places in the bitmap: they wait, and those that come when these
 * have gone are answered. */
static void clients_beyond_the_bitmap_do_no_harm(void **state)
{
    (void)state;
    static struct http_conn clients[CLIENTS];
    descriptors_need(2 * CLIENTS);
    for (size_t i = 0; i < ON_SELECT; i++) {
        const struct run_server *which = find(on_select[i].name);
        double deadline = clock_now() + REPLY_MS / 1000.0;
        struct server server;
        struct err err;
        if (!which)
            continue;
        must_start(&server, which, on_select[i].environment, NULL);
        for (size_t j = 0; j < CLIENTS; j++)
            assert_int_equal(
                http_open(&clients[j], server.host, server.port, 0, deadline, &err), 0);
        client_wait(&clients[0], &server);
        must_run(&server, which);
        for (size_t j = 0; j < CLIENTS; j++)
            http_close(&clients[j]);
        must_answer(&server, which);
        must_stop(&server, which);
    }
}

/* ---- a ring that is full ---- */

enum {
    BURST = 5000
}; /* more than io_uring has room for outcomes, and 20 times its buffers */

static void clients_open(struct http_conn *clients, size_t count,
                         const struct server *server, double deadline)
{
    struct err err;
    for (size_t i = 0; i < count; i++)
        if (http_open(&clients[i], server->host, server->port, 0, deadline, &err) < 0)
            fail_msg("client %zu: %s", i, err.text);
}

/* All of them ask while the server is stopped, so it finds all requests at once. */
static void clients_ask_at_once(struct http_conn *clients, size_t count,
                                const struct server *server, double deadline)
{
    struct err err;
    assert_int_equal(kill(server->proc.pid, SIGSTOP), 0);
    for (size_t i = 0; i < count; i++)
        if (http_send(&clients[i], request, sizeof request - 1, deadline, &err) < 0)
            fail_msg("client %zu: %s", i, err.text);
    assert_int_equal(kill(server->proc.pid, SIGCONT), 0);
}

static void burst_try(const struct run_server *which, char *const *wrapper)
{
    static struct http_conn clients[BURST];
    double deadline = clock_now() + PATIENCE;
    struct http_reply reply;
    struct server server;
    struct err err;
    if (!which || start(&server, which, NULL, wrapper, &err) < 0)
        return;
    clients_open(clients, BURST, &server, deadline);
    must_answer(&server, which); /* so it has accepted those before */
    clients_ask_at_once(clients, BURST, &server, deadline);
    for (size_t i = 0; i < BURST; i++) {
        if (http_receive(&clients[i], &reply, false, deadline, &err) < 0)
            fail_msg("%s: client %zu of %d: %s", which->name, i, BURST, err.text);
        http_reply_free(&reply);
        http_close(&clients[i]);
    }
    must_stop(&server, which);
}

/* Since Linux 6.12 a ring takes up no more than some outcomes at a time, unless it was made as for
 * an older one, which the wrapper sees to. */
static void more_outcomes_than_fit_lose_no_client(void **state)
{
    (void)state;
    char *older[] = {"strace",
                     "-Df",
                     "-qqq",
                     "-o/dev/null",
                     "--seccomp-bpf",
                     "-etrace=io_uring_setup",
                     "-einject=io_uring_setup:error=EINVAL:when=1..2",
                     NULL};
    descriptors_need(BURST + CLIENTS);
    burst_try(find("epoll"), NULL);
    burst_try(find("io_uring"), NULL);
    burst_try(find("io_uring-threads"), NULL);
    burst_try(find("io_uring"), older);
}

/* ---- signals ---- */

/* The first child of a process; 0: it has none. */
static pid_t first_child(pid_t pid)
{
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%d", &child) != 1)
        child = 0;
    if (file)
        fclose(file);
    return child;
}

/* A child that is killed is replaced by another one. */
static void must_replace_children(const struct server *server)
{
    pid_t killed = first_child(server->proc.pid);
    double deadline = clock_now() + REPLY_MS / 1000.0;
    assert_true(killed > 0);
    assert_int_equal(kill(killed, SIGKILL), 0);
    while (kill(killed, 0) == 0 ||
           group_await_no_zombie(server->proc.pid, REPLY_MS).living != CHILDREN) {
        if (clock_now() >= deadline)
            fail_msg("prefork: a child that was killed is not replaced");
        poll(NULL, 0, POLL_MS);
    }
}

/* A parent may leave signals blocked or ignored: nothing of that is to be seen. */
static void inherited_signals_change_nothing(void **state)
{
    (void)state;
    char *wrapper[] = {"env", "--block-signal", "--ignore-signal=CHLD,TERM,INT,PIPE",
                       NULL};
    for (size_t i = 0; i < server_count; i++) {
        struct server server;
        if (servers[i].missing)
            continue;
        must_start(&server, &servers[i], NULL, wrapper);
        for (int j = 0; j < 20; j++)
            must_answer(&server, &servers[i]);
        int zombies = group_await_no_zombie(server.proc.pid, REPLY_MS).zombies;
        if (zombies > 0)
            fail_msg("%s: %d zombies", servers[i].name, zombies);
        if (is_named(&servers[i], "prefork"))
            must_replace_children(&server);
        must_stop(&server, &servers[i]);
    }
}

/* ---- processes ---- */

/* A user who has no other processes, since they would count. */
static char *const few_processes[] = {"setpriv",
                                      "--reuid=64321",
                                      "--regid=64321",
                                      "--clear-groups",
                                      "prlimit",
                                      "--nproc=20",
                                      NULL};

/* Those that make all of their processes or threads at the start say that they cannot, and not
 * before that they listen. */
static void few_processes_do_or_it_fails(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip(); /* root has no limit, and can be someone who has */
    for (size_t i = 0; i < server_count; i++) {
        bool needs_many =
            is_named(&servers[i], "prefork") || is_named(&servers[i], "threads");
        struct server server;
        struct err err;
        if (servers[i].missing)
            continue;
        int failed = start(&server, &servers[i], "ASAN_OPTIONS=detect_leaks=0",
                           few_processes, &err);
        if (failed && strstr(err.text, "ermission denied"))
            skip(); /* a build that only root can read */
        if (failed && (!needs_many || !strstr(err.text, "exit status 1: ")))
            fail_msg("%s: %s", servers[i].name, err.text);
        if (failed)
            continue;
        if (!needs_many)
            must_answer(&server, &servers[i]);
        server_stop(&server, &err);
        if (needs_many)
            fail_msg("%s: it listened before it was ready", servers[i].name);
    }
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "inherit") == 0)
        return inherit(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_server_comes_back),
        cmocka_unit_test(a_failed_accept_is_tried_again),
        cmocka_unit_test(it_starts_or_fails_but_does_not_end),
        cmocka_unit_test(inherited_descriptors_leave_room_or_it_fails),
        cmocka_unit_test(clients_beyond_the_bitmap_do_no_harm),
        cmocka_unit_test(more_outcomes_than_fit_lose_no_client),
        cmocka_unit_test(inherited_signals_change_nothing),
        cmocka_unit_test(few_processes_do_or_it_fails),
    };
    return cmocka_run_group_tests(tests, servers_find, NULL);
}
