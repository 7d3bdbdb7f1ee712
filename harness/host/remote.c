/* remote.c - other hosts that commands are started on, over OpenSSH.
 * SPDX-License-Identifier: MIT */
#include "host/remote.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/quote.h"
#include "base/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP_GRACE_MS = 500, LOG_MOST = 4096, PRINTOUT_MOST = 1 << 20 };

/* What a shell says of a program that it does not find, and ssh of itself. */
enum { STATUS_NOT_FOUND = 127, STATUS_SSH = 255 };

struct remote {
    char *name;
    char *socket;  /* where other ssh's find the connection */
    char *log;     /* what ssh says of it */
    char home[64]; /* the rest as remote.h has it; "" until it is connected */
    char system[200];
    struct proc proc; /* that keeps the connection; pid 0: nobody does */
};

static struct remote *remotes;
static size_t remote_count;

/* The shortest that a command there has taken; all that are captured take next to no time. */
static double shortest_s;

/* Of this process alone, for the sockets and logs: a socket's path must be short. "": none. */
static char folder[32];

/* The standard input of all that runs there: it ends when this process does. */
static int life[2] = {-1, -1};

/* ---- command lines ---- */

/* Asks nobody, waits for nothing forever, and does no more than it is told, whatever the user's own
 * configuration says. */
static char *const ssh_options[] = {
    "ssh", "-T",
    "-a",  "-x",
    "-o",  "BatchMode=yes",
    "-o",  "ConnectTimeout=10",
    "-o",  "ServerAliveInterval=2",
    "-o",  "ServerAliveCountMax=3",
    "-o",  "ControlPersist=no",
    "-o",  "ClearAllForwardings=yes",
    "-o",  "PermitLocalCommand=no",
    "-o",  "RemoteCommand=none",
};

enum {
    SSH_OPTIONS = sizeof ssh_options / sizeof *ssh_options,
    SSH_WORDS = SSH_OPTIONS + 10
};

/* `argv` holds SSH_WORDS. `master`: it makes the connection, and its log says how that ends, instead
 * of using it, where what the command prints is to stand alone. */
static void ssh_command(char **argv, const struct remote *remote, bool master,
                        char *command)
{
    char *rest[] = {"-o",    master ? "LogLevel=INFO" : "LogLevel=ERROR",
                    "-o",    master ? "ControlMaster=yes" : "ControlMaster=no",
                    "-S",    remote->socket,
                    "--",    remote->name,
                    command, NULL};
    memcpy(argv, ssh_options, sizeof ssh_options);
    memcpy(argv + SSH_OPTIONS, rest, sizeof rest);
}

/* The words of a command as a shell takes them, behind `before`; owned by the caller. */
static char *shell_line(const char *before, char *const *argv)
{
    char *line = alloc_copy(before);
    for (; *argv; argv++) {
        char *word = quote_shell(*argv);
        char *longer = alloc_format("%s %s", line, word);
        free(word);
        free(line);
        line = longer;
    }
    return line;
}

/* As many files as may be, as at home. The command ends when standard input does, on which nothing
 * ever comes: sshd leaves alone what it has started. In a process of its own, whose children are the
 * command and no program of the user's start-up files. */
static const char guard[] =
    "exec sh -c '("
    "export LC_ALL=C; ulimit -n \"$(ulimit -H -n)\" 2>/dev/null; exec 3<&0; "
    "\"$@\" 3<&- </dev/null & tool=$!; "
    "(read -r end <&3; kill \"$tool\") >/dev/null 2>&1 & guard=$!; "
    "wait \"$tool\"; status=$?; exec 2>/dev/null; kill \"$guard\"; times; "
    "exit \"$status\"); exit \"$?\"' sh";

/* The first words from there; it stays as long as the connection. */
static const char greeting[] =
    "exec sh -c 'echo \"abacus ${SSH_CONNECTION%% *} $(uname -srm)\"; read -r end'";

bool remote_name_good(const char *name)
{
    const char *at = strrchr(name, '@');
    const char *host = at ? at + 1 : name;
    return *name != '-' && *host != '-' && *host != '\0';
}

char *remote_line(size_t i, const char *line)
{
    if (remote_count == 0)
        return alloc_copy(line);
    char *word = quote_shell(line);
    char *whole = alloc_format("ssh %s %s", remotes[i].name, word);
    free(word);
    return whole;
}

/* ---- what was printed ---- */

/* The last line of a text, which is cut up for it. */
static char *last_line(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr("\r\n", text[length - 1]))
        text[--length] = '\0';
    char *newline = strrchr(text, '\n');
    return newline ? newline + 1 : text;
}

/* The last that ssh said of a connection, behind `before`; "" if it said nothing. Owned by the
 * caller. */
static char *last_words(const struct remote *remote, const char *before)
{
    struct err unused;
    char *log = textfile_read(remote->log, LOG_MOST, &unused);
    const char *words = log ? last_line(log) : "";
    char *said = *words ? alloc_format("%s%s", before, words) : alloc_copy("");
    free(log);
    return said;
}

/* What times prints last: of the children, user and system, "0m1.23s 0m0.45s". */
double remote_cpu_s(const char *path)
{
    struct err unused;
    double minutes[2];
    double seconds[2];
    char *text = textfile_read(path, PRINTOUT_MOST, &unused);
    bool whole = text && sscanf(last_line(text), "%lfm%lfs %lfm%lfs", &minutes[0],
                                &seconds[0], &minutes[1], &seconds[1]) == 4;
    free(text);
    return whole ? 60 * (minutes[0] + minutes[1]) + seconds[0] + seconds[1] : NAN;
}

int remote_lost(size_t i, struct err *err)
{
    char *words = last_words(&remotes[i], ": ");
    err_set(err, "the connection to %s was lost%s", remotes[i].name, words);
    free(words);
    return -1;
}

/* ---- the connections ---- */

static void disconnect(struct remote *remote)
{
    if (remote->proc.pid > 0)
        proc_stop(&remote->proc, STOP_GRACE_MS, &(bool){false});
    remote->proc.pid = 0;
    unlink(remote->socket); /* one that was killed leaves it */
}

/* Starts the ssh that makes the connection: what it prints can be read from *output. */
static int master_start(struct remote *remote, int *output, struct err *err)
{
    char *argv[SSH_WORDS];
    int ends[2];
    int log = open(remote->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0)
        return err_set(err, "%s: %s", remote->log, strerror(errno));
    if (pipe2(ends, O_CLOEXEC) < 0) {
        close(log);
        return err_set(err, "pipe: %s", strerror(errno));
    }
    ssh_command(argv, remote, true, (char *)greeting);
    int failed = proc_start(
        &remote->proc,
        &(struct proc_options){
            .argv = argv, .input = life[0], .output = ends[1], .error = log, .cpu = -1},
        err);
    close(log);
    close(ends[1]);
    if (failed)
        close(ends[0]);
    *output = ends[0];
    return failed;
}

static int connect_fail(struct remote *remote, const char *line, struct err *err)
{
    char *words = last_words(remote, "");
    if (*line)
        err_set(err, "%s: the shell there said '%.100s' unasked", remote->name, line);
    else if (interrupt_requested())
        err_set(err, "%s: interrupted", remote->name);
    else if (*words)
        err_set(err, "cannot reach %s: %s", remote->name, words);
    else
        err_set(err, "cannot reach %s: no answer within %d s", remote->name,
                REMOTE_OPEN_S);
    free(words);
    disconnect(remote);
    return -1;
}

static int connect_to(struct remote *remote, struct err *err)
{
    int output = -1;
    char line[300];
    if (master_start(remote, &output, err) < 0)
        return -1;
    bool whole = proc_read_line(output, line, sizeof line, clock_now() + REMOTE_OPEN_S);
    close(output);
    line[whole ? strcspn(line, "\r\n") : 0] = '\0';
    return sscanf(line, "abacus %63s %199[^\n]", remote->home, remote->system) == 2
               ? 0
               : connect_fail(remote, line, err);
}

/* Makes a connection again that was lost. */
static int ensure_connected(struct remote *remote, struct err *err)
{
    if (remote->proc.pid > 0 && proc_wait(&remote->proc, 0) != PROC_ENDED)
        return 0;
    disconnect(remote);
    return connect_to(remote, err);
}

static void remote_add(const char *name)
{
    remotes = alloc_resize(remotes, remote_count + 1, sizeof *remotes);
    remotes[remote_count] = (struct remote){
        .name = alloc_copy(name),
        .socket = alloc_format("%s/%zu", folder, remote_count),
        .log = alloc_format("%s/%zu.log", folder, remote_count),
    };
    remote_count++;
}

int remotes_open(char *const *names, size_t count, struct err *err)
{
    int failed = 0;
    shortest_s = INFINITY;
    strcpy(folder, "/tmp/abacus-XXXXXX");
    if (!mkdtemp(folder))
        return err_set(err, "%s: %s", folder, strerror(errno));
    if (pipe2(life, O_CLOEXEC) < 0)
        failed = err_set(err, "pipe: %s", strerror(errno));
    for (size_t i = 0; !failed && i < count; i++) {
        remote_add(names[i]);
        failed = connect_to(&remotes[i], err);
    }
    if (failed)
        remotes_close();
    return failed;
}

void remotes_close(void)
{
    for (size_t i = 0; i < remote_count; i++) {
        struct remote *remote = &remotes[i];
        disconnect(remote);
        unlink(remote->log);
        free(remote->name);
        free(remote->socket);
        free(remote->log);
    }
    for (int i = 0; i < 2; i++) {
        if (life[i] >= 0)
            close(life[i]);
        life[i] = -1;
    }
    if (*folder)
        rmdir(folder);
    folder[0] = '\0';
    free(remotes);
    remotes = NULL;
    remote_count = 0;
}

double remote_start_s(void)
{
    return remote_count > 0 ? shortest_s : 0;
}

size_t remotes_count(void)
{
    return remote_count;
}

const char *remote_name(size_t i)
{
    return remotes[i].name;
}

const char *remote_home(size_t i)
{
    return remotes[i].home;
}

const char *remote_system(size_t i)
{
    return remotes[i].system;
}

/* ---- commands ---- */

int remote_start(size_t i, struct proc *proc, const struct proc_options *options,
                 struct err *err)
{
    char *argv[SSH_WORDS];
    struct proc_options over = *options;
    if (remote_count == 0)
        return proc_start(proc, options, err);
    if (ensure_connected(&remotes[i], err) < 0)
        return -1;
    char *line = shell_line(guard, options->argv);
    ssh_command(argv, &remotes[i], false, line);
    over.argv = argv;
    over.input = life[0];
    int failed = proc_start(proc, &over, err);
    free(line);
    return failed;
}

int remote_capture(size_t i, char *const *argv, char *output, size_t size, int timeout_ms,
                   struct err *err)
{
    char *over[SSH_WORDS];
    if (remote_count == 0)
        return proc_capture(argv, output, size, timeout_ms, err);
    char *line = shell_line("exec", argv);
    ssh_command(over, &remotes[i], false, line);
    double began = clock_now();
    int status = proc_capture(over, output, size, timeout_ms, err);
    shortest_s = fmin(shortest_s, clock_now() - began);
    free(line);
    if (status >= 0 && WEXITSTATUS(status) == STATUS_SSH)
        return remote_lost(i, err);
    if (status >= 0 && WEXITSTATUS(status) == STATUS_NOT_FOUND)
        return err_set(err, "%s has no %s", remotes[i].name, argv[0]);
    return status;
}
