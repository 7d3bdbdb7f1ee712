/* launch.c - the contract before the first client: the command line and the ready line.
 * SPDX-License-Identifier: MIT */
#include "subject/conduct.h"

#include "subject/drain.h"
#include "subject/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMAND_TIMEOUT_MS = 5000 };

/* ---- the command line ---- */

struct printed {
    int status; /* as from waitpid */
    char output[1024];
    char error[400];
};

static void read_file(int fd, char *text, size_t size)
{
    ssize_t n = pread(fd, text, size - 1, 0);
    text[n > 0 ? n : 0] = '\0';
}

static int memory_file(struct finding *finding)
{
    int fd = memfd_create("printed", MFD_CLOEXEC);
    if (fd < 0)
        finding_says(finding, "a file in memory", "memfd_create: %s", strerror(errno));
    return fd;
}

static int command_finish(struct proc *proc, struct printed *printed,
                          struct finding *finding)
{
    bool killed;
    if (proc_wait(proc, COMMAND_TIMEOUT_MS) == PROC_ENDED) {
        printed->status = proc_reap(proc, NULL);
        return 0;
    }
    proc_stop(proc, 0, &killed);
    return finding_says(finding, "the command to end by itself", "it ran on for %d s",
                        COMMAND_TIMEOUT_MS / 1000);
}

/* Runs a command to its end, and keeps the beginning of what it printed. */
static int command_run(char *const *argv, struct printed *printed,
                       struct finding *finding)
{
    struct proc proc;
    struct err err;
    int failed = -1;
    int output = memory_file(finding);
    int error = memory_file(finding);
    *printed = (struct printed){.status = -1};
    if (output >= 0 && error >= 0) {
        failed = proc_start(
            &proc,
            &(struct proc_options){
                .argv = argv, .input = -1, .output = output, .error = error, .cpu = -1},
            &err);
        if (failed)
            finding_says(finding, "a command that can be run", "%s", err.text);
        else
            failed = command_finish(&proc, printed, finding);
        read_file(output, printed->output, sizeof printed->output);
        read_file(error, printed->error, sizeof printed->error);
    }
    close(output);
    close(error);
    return failed;
}

static bool is_one_line(const char *text)
{
    const char *newline = strchr(text, '\n');
    return newline && newline > text && newline[1] == '\0';
}

/* One line about the server, and only lines behind it that a server can say. */
static bool is_description(const char *text)
{
    struct run_server server = {0};
    bool known = server_describe(&server, text);
    run_server_free(&server);
    return known && text[strlen(text) - 1] == '\n';
}

/* The right lines on the right stream, nothing on the other, and the right status. */
static int judge_command(const struct printed *printed, int status, bool on_error,
                         struct finding *finding)
{
    char expected[128];
    bool well_said = on_error
                         ? is_one_line(printed->error) && *printed->output == '\0'
                         : is_description(printed->output) && *printed->error == '\0';
    if (well_said && WIFEXITED(printed->status) && WEXITSTATUS(printed->status) == status)
        return 0;
    char output[200];
    char error[200];
    finding_quote(output, sizeof output, printed->output, strlen(printed->output), 0);
    finding_quote(error, sizeof error, printed->error, strlen(printed->error), 0);
    snprintf(expected, sizeof expected, "exit status %d and %s", status,
             on_error ? "one line on standard error, none on output"
                      : "one line about itself, then at most lines 'key: value' of the "
                        "contract; none on standard error");
    return finding_says(finding, expected, "%s; output %s; error %s",
                        proc_status_text(printed->status), output, error);
}

static int about_try(struct subject *subject, struct finding *finding)
{
    struct printed printed;
    char *argv[] = {subject->server->path, "-i", NULL};
    snprintf(finding->sent, sizeof finding->sent, "%s -i", argv[0]);
    if (command_run(argv, &printed, finding) < 0)
        return -1;
    return judge_command(&printed, 0, false, finding);
}

static int refusal_try(struct subject *subject, const char *option, const char *value,
                       struct finding *finding)
{
    struct printed printed;
    char *argv[] = {subject->server->path, (char *)option, (char *)value, NULL};
    snprintf(finding->sent, sizeof finding->sent, "%s %s%s%s", argv[0], option,
             value ? " " : "", value ? value : "");
    if (command_run(argv, &printed, finding) < 0)
        return -1;
    return judge_command(&printed, 2, true, finding);
}

static int option_try(struct subject *subject, struct finding *finding)
{
    return refusal_try(subject, "-Z", NULL, finding);
}

static int value_try(struct subject *subject, struct finding *finding)
{
    return refusal_try(subject, "-p", "70000", finding);
}

/* A port that is taken for as long as the descriptor is open; -1. */
static int take_port(char *port, size_t size, struct finding *finding)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0 &&
        listen(fd, 1) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
        snprintf(port, size, "%u", (unsigned)ntohs(address.sin_port));
        return fd;
    }
    finding_says(finding, "a port to take", "%s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static int taken_port_try(struct subject *subject, struct finding *finding)
{
    struct printed printed;
    char port[8];
    char *argv[] = {
        subject->server->path, "-a", "127.0.0.1", "-p", port, "-b", "16", NULL};
    int fd = take_port(port, sizeof port, finding);
    if (fd < 0)
        return -1;
    snprintf(finding->sent, sizeof finding->sent, "%s -a 127.0.0.1 -p %s -b 16", argv[0],
             port);
    int failed = command_run(argv, &printed, finding);
    close(fd);
    return failed ? -1 : judge_command(&printed, 1, true, finding);
}

/* ---- the ready line ---- */

/* Whatever the answer is: a server that has answered had the time to say more than its ready
 * line. */
static int ready_line_try(struct subject *subject, struct finding *finding)
{
    struct finding ignored;
    char text[200];
    exchange_probe(subject->running.host, subject->running.port, &ignored);
    ssize_t n = drain_said(subject->running.output, text, sizeof text);
    if (n == 0)
        return 0;
    if (n < 0)
        return finding_says(finding, "an open standard output", "it is closed");
    return finding_shows(finding, "one line on standard output: its ready line",
                         "besides that, ", text, (size_t)n);
}

const struct conduct conducts_at_start[] = {
    {.name = "-i: what it is, and lines of the contract",
     .hello = true,
     .try = about_try},
    {.name = "a bad option: exit status 2, one line on standard error",
     .hello = true,
     .try = option_try},
    {.name = "a bad port: exit status 2, one line on standard error",
     .hello = true,
     .try = value_try},
    {.name = "a port in use: exit status 1, one line on standard error",
     .hello = true,
     .try = taken_port_try},
    {.name = "the ready line, and no more",
     .needs_running = true,
     .hello = true,
     .try = ready_line_try},
};
const size_t conduct_at_start_count =
    sizeof conducts_at_start / sizeof *conducts_at_start;
