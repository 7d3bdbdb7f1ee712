/* main.c - the main() of every server: its options, its signals, its listening socket.
 * SPDX-License-Identifier: MIT */
#include "fail.h"
#include "listen.h"
#include "response.h"
#include "server.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct options {
    const char *address;
    const char *port;
    int backlog;
    bool describe;
};

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: %s [-a ADDR] [-p PORT] [-b BACKLOG] | -i\n",
            program_invocation_short_name);
    exit(2);
}

/* The option's value, a whole number from 0 to 65535. */
static int number(int option, const char *text)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < 0 || value > 65535)
        errx(2, "-%c takes a number from 0 to 65535, not '%s'", option, text);
    return (int)value;
}

static struct options options_read(int argc, char **argv)
{
    struct options options = {.address = "127.0.0.1", .port = "0", .backlog = 4096};
    int c;
    opterr = 0; /* one line, and that is usage()'s */
    while ((c = getopt(argc, argv, "a:p:b:i")) != -1) {
        if (c == 'a')
            options.address = optarg;
        else if (c == 'p' && number(c, optarg) >= 0)
            options.port = optarg;
        else if (c == 'b')
            options.backlog = number(c, optarg);
        else if (c == 'i')
            options.describe = true;
        else
            usage();
    }
    if (optind < argc)
        usage();
    return options;
}

static int describe(void)
{
    printf("about: %s\n", server.about);
    if (server.library)
        printf("library: %s %s\n", server.library, server.version());
    if (server.features)
        printf("features: %s\n", server.features());
    if (server.all_cores)
        puts("cores: all");
    if (server.blocks)
        printf("blocks: %s\n", server.blocks);
    if (fflush(stdout) != 0)
        fail("standard output");
    return 0;
}

/* A server keeps nothing that would have to be saved, so it may end wherever it is. */
static void on_stop(int signal)
{
    (void)signal;
    _exit(0);
}

/* Whatever the parent has left blocked or ignored. A client that has gone is an error of write(),
 * not the end of the server; and children that end are to be waited for. */
static void signals_set(void)
{
    struct sigaction stop = {.sa_handler = on_stop};
    sigset_t none;
    sigemptyset(&none);
    if (sigaction(SIGTERM, &stop, NULL) < 0 || sigaction(SIGINT, &stop, NULL) < 0)
        fail("sigaction");
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGCHLD, SIG_DFL) == SIG_ERR)
        fail("signal");
    if (sigprocmask(SIG_SETMASK, &none, NULL) < 0)
        fail("sigprocmask");
}

/* As many clients as this process is allowed to have at all. */
static void descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("setrlimit");
}

int main(int argc, char **argv)
{
    struct options options = options_read(argc, argv);
    signals_set();
    descriptors_raise();
    if (server.setup)
        server.setup();
    if (options.describe)
        return describe();
    struct listener listener = {.backlog = options.backlog};
    response_setup();
    if (listen_open(&listener, options.address, options.port, server.blocking) < 0)
        err(1, "cannot listen on %s port %s", options.address, options.port);
    server.serve(&listener);
}
