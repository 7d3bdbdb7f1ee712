/* server.c - a server under test, known only by its contract: find it, ask what it is, start
 * it, stop it.
 * SPDX-License-Identifier: MIT */
#include "subject/server.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "host/family.h"
#include "subject/owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum {
    READY_TIMEOUT_MS = 10000,
    ABOUT_TIMEOUT_MS = 5000,
    STOP_GRACE_MS = 2000,
    FAMILY_TIMEOUT_MS = 2000
};

static const char missing_suffix[] = ".missing";

static void cut_at_newline(char *text)
{
    text[strcspn(text, "\r\n")] = '\0';
}

/* ---- finding ---- */

static bool is_executable_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* The reason in SERVER.missing; NULL if there is no such file. */
static char *read_missing(const char *server)
{
    char *path = alloc_format("%s%s", server, missing_suffix);
    FILE *file = fopen(path, "re");
    free(path);
    if (!file)
        return NULL;
    char line[256] = "";
    if (!fgets(line, sizeof line, file))
        snprintf(line, sizeof line, "it could not be built");
    fclose(file);
    cut_at_newline(line);
    return alloc_copy(line);
}

/* What a server can say that it can do. */
static const struct {
    const char *key;
    const char *values[3];
    size_t offset;
} abilities[] = {
    {"cores", {"all"}, offsetof(struct run_server, cores)},
    {"blocks",
     {"request", "reply", "request, reply"},
     offsetof(struct run_server, blocks)},
    {"only", {"GET /"}, offsetof(struct run_server, only)},
};

static void replace(char **text, char *with)
{
    free(*text);
    *text = with;
}

/* The value of a line "key: value"; NULL: it has another key. */
static const char *value_of(const char *line, const char *key)
{
    size_t length = strlen(key);
    return strncmp(line, key, length) == 0 && strncmp(line + length, ": ", 2) == 0
               ? line + length + 2
               : NULL;
}

static bool read_ability(struct run_server *server, const char *line)
{
    for (size_t i = 0; i < sizeof abilities / sizeof *abilities; i++) {
        const char *value = value_of(line, abilities[i].key);
        for (size_t j = 0; value && j < sizeof abilities->values / sizeof(char *); j++)
            if (abilities[i].values[j] && strcmp(value, abilities[i].values[j]) == 0) {
                replace((char **)((char *)server + abilities[i].offset),
                        alloc_copy(value));
                return true;
            }
    }
    return false;
}

bool server_describe(struct run_server *server, const char *text)
{
    bool known = true;
    char *copy = alloc_copy(text);
    char *rest = copy;
    const char *line = strsep(&rest, "\n");
    const char *about = value_of(line, "about");
    replace(&server->about, alloc_copy(about ? about : line));
    cut_at_newline(server->about);
    while (rest && *rest) {
        line = strsep(&rest, "\n");
        const char *further = value_of(line, "library");
        if (!further)
            further = value_of(line, "features");
        if (further)
            replace(&server->about, alloc_format("%s; %s", server->about, further));
        else
            known = read_ability(server, line) && known;
    }
    free(copy);
    return known && *server->about;
}

/* What -i prints; if it prints nothing of use the tables have no about line. A server that this
 * machine does not let run says so instead (servers/README.md). */
static void ask_about(struct run_server *server)
{
    char output[1024] = "";
    struct err err;
    char *argv[] = {server->path, "-i", NULL};
    int status = proc_capture_with(argv, server->environment, output, sizeof output,
                                   ABOUT_TIMEOUT_MS, &err);
    bool unavailable = WIFEXITED(status) && WEXITSTATUS(status) == EX_UNAVAILABLE;
    server_describe(server, status == 0 ? output : "");
    cut_at_newline(output);
    if (unavailable)
        server->missing = alloc_copy(*output ? output : "it cannot run on this machine");
}

/* By coreutils, which every system has, rather than by a library for this one use. */
char *server_sha256(const char *path)
{
    char output[256];
    struct err err;
    char *argv[] = {"sha256sum", "--", (char *)path, NULL};
    int status = proc_capture(argv, output, sizeof output, ABOUT_TIMEOUT_MS, &err);
    output[strcspn(output, " \n")] = '\0';
    return alloc_copy(status == 0 ? output : "");
}

/* A name that is not taken: the same executable given twice becomes "epoll" and "epoll-2". */
static char *unique_name(const struct run_server *servers, size_t count, const char *name)
{
    int taken = 1;
    char *unique = alloc_copy(name);
    for (size_t i = 0; i < count; i++)
        if (strcmp(servers[i].name, unique) == 0) {
            free(unique);
            unique = alloc_format("%s-%d", name, ++taken);
            i = (size_t)-1; /* from the start: the new name may be taken as well */
        }
    return unique;
}

static void servers_add(struct run_server **servers, size_t *count,
                        const struct run_server *found)
{
    *servers = alloc_resize(*servers, *count + 1, sizeof **servers);
    char *unique = unique_name(*servers, *count, found->name);
    struct run_server *server = &(*servers)[(*count)++];
    *server = *found;
    server->name = unique;
    server->sha256 = found->missing ? alloc_copy("") : server_sha256(found->path);
    if (found->missing)
        server->about = alloc_copy("");
    else
        ask_about(server);
}

/* Names in a folder of servers: executables, and those that are missing; each once. */
static int is_server_entry(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    size_t suffix = strlen(missing_suffix);
    if (length > suffix && strcmp(entry->d_name + length - suffix, missing_suffix) == 0)
        return 1;
    return entry->d_type != DT_DIR && !strchr(entry->d_name, '.');
}

static int find_all(struct run_server **servers, size_t *count, const char *directory,
                    struct err *err)
{
    struct dirent **entries;
    int n = scandir(directory, &entries, is_server_entry, alphasort);
    if (n < 0)
        return err_set(err, "%s: %s (build the servers with: make)", directory,
                       strerror(errno));
    for (int i = 0; i < n; i++) {
        char *dot = strrchr(entries[i]->d_name, '.');
        if (dot)
            *dot = '\0';
        char *path = alloc_format("%s/%s", directory, entries[i]->d_name);
        char *missing = dot ? read_missing(path) : NULL;
        if (missing || is_executable_file(path))
            servers_add(servers, count,
                        &(struct run_server){.name = entries[i]->d_name,
                                             .path = path,
                                             .missing = missing});
        else
            free(path);
        free(entries[i]);
    }
    free(entries);
    if (*count == 0)
        return err_set(err, "%s: no servers there (build them with: make)", directory);
    return 0;
}

static void list_names(char *text, size_t size, const char *directory)
{
    struct dirent **entries;
    int n = scandir(directory, &entries, is_server_entry, alphasort);
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < n; i++) {
        if (!strchr(entries[i]->d_name, '.') && used < size)
            used += (size_t)snprintf(text + used, size - used, " %s", entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* `own` is the suite's server of that name, or NULL: there is none. */
static int find_one(struct run_server **servers, size_t *count, const char *directory,
                    const char *name, const struct suite_server *own, struct err *err)
{
    const char *program = own ? own->program : name;
    const char *slash = strrchr(program, '/');
    char *given = slash ? alloc_copy(program) : alloc_format("%s/%s", directory, program);
    char *missing = read_missing(given);
    char *path = slash && !missing ? realpath(given, NULL) : alloc_copy(given);
    free(given);
    if (missing || (path && is_executable_file(path))) {
        const char *shown = slash && !own ? slash + 1 : name;
        servers_add(servers, count,
                    &(struct run_server){.name = (char *)shown,
                                         .path = path,
                                         .environment = own && own->environment
                                                            ? alloc_copy(own->environment)
                                                            : NULL,
                                         .missing = missing});
        return 0;
    }
    free(path);
    if (slash)
        return err_set(err, "%s: not an executable file", program);
    char names[320];
    list_names(names, sizeof names, directory);
    return err_set(err,
                   "unknown server '%s'; there are:%s (or give a path with a / in it)",
                   program, names);
}

int server_find_for(const struct suite *suite, struct run_server **servers, size_t *count,
                    const char *directory, char *const *names, size_t name_count,
                    struct err *err)
{
    *servers = NULL;
    *count = 0;
    if (name_count == 0 && suite->server_count == 0)
        return find_all(servers, count, directory, err);
    size_t n = name_count ? name_count : suite->server_count;
    for (size_t i = 0; i < n; i++) {
        const char *name = name_count ? names[i] : suite->servers[i].name;
        const struct suite_server *own = suite_server(suite, name);
        if (find_one(servers, count, directory, name, own, err) < 0)
            return -1;
    }
    return 0;
}

int server_find(struct run_server **servers, size_t *count, const char *directory,
                char *const *names, size_t name_count, struct err *err)
{
    static const struct suite any = {0};
    return server_find_for(&any, servers, count, directory, names, name_count, err);
}

/* ---- running ---- */

static const char prefix[] = "listening on ";

static bool is_ready_line(const char *line)
{
    const char *colon = strrchr(line, ':');
    return strncmp(line, prefix, strlen(prefix)) == 0 && colon && colon[1] != '\0' &&
           colon[1 + strspn(colon + 1, "0123456789")] == '\0';
}

/* "listening on HOST:PORT", and nothing behind it. */
static bool parse_ready_line(struct server *server, const char *line)
{
    const char *colon = strrchr(line, ':');
    if (strncmp(line, prefix, strlen(prefix)) != 0 || !colon)
        return false;
    const char *host = line + strlen(prefix);
    size_t length = (size_t)(colon - host);
    char *end;
    long port = strtol(colon + 1, &end, 10);
    if (length == 0 || length >= sizeof server->host || strcmp(end, "\n") != 0 ||
        port < 1 || port > 65535)
        return false;
    memcpy(server->host, host, length);
    server->host[length] = '\0';
    server->port = (int)port;
    return true;
}

/* The first line that the server wrote to its standard error, if that is a file. */
static void first_error_line(const struct server *server, char *line, size_t size)
{
    ssize_t n =
        server->error < 0 ? 0 : pread(server->error, line, size - 1, server->error_start);
    line[n > 0 ? n : 0] = '\0';
    cut_at_newline(line);
}

/* What a server did that prints nothing, but runs. */
static int silence_tell(const struct server *server, const char *on_error,
                        struct err *err)
{
    static const char silent[] = "did not print 'listening on HOST:PORT'";
    if (is_ready_line(on_error))
        return err_set(err,
                       "the server said '%s' on standard error, not on standard output",
                       on_error);
    if (owner_of_port(OWNER_ANY_PORT, server->proc.pid) == OWNER_SERVER)
        return err_set(err,
                       "the server listens, but %s within %d s: its standard output is a "
                       "pipe, so it has to flush it",
                       silent, READY_TIMEOUT_MS / 1000);
    return err_set(err, "the server %s within %d s", silent, READY_TIMEOUT_MS / 1000);
}

/* What is wrong with the ready line of a server that runs. */
static int line_tell(const struct server *server, const char *line, const char *on_error,
                     struct err *err)
{
    char shown[100];
    snprintf(shown, sizeof shown, "%.*s", (int)sizeof shown - 1, line);
    cut_at_newline(shown);
    const char *end = line + strcspn(line, "\r\n");
    if (!*shown)
        return silence_tell(server, on_error, err);
    if (is_ready_line(shown) && *end == '\0')
        return err_set(err, "the server said '%s' without a newline", shown);
    if (is_ready_line(shown) && strcmp(end, "\r\n") == 0)
        return err_set(err, "the server said '%s' with a carriage return at its end",
                       shown);
    return err_set(err, "the server said '%s', not just 'listening on HOST:PORT'", shown);
}

static int start_failed(struct server *server, int output, const char *line,
                        struct err *err)
{
    char on_error[200];
    bool killed;
    bool ended = proc_wait(&server->proc, *line ? 0 : 200) == PROC_ENDED;
    first_error_line(server, on_error, sizeof on_error);
    if (!ended)
        line_tell(server, line, on_error, err);
    int status = proc_stop(&server->proc, 0, &killed);
    family_end(FAMILY_TIMEOUT_MS);
    close(output);
    if (ended)
        err_set(err, "the server ended before it was ready: %s%s%s",
                proc_status_text(status), *on_error ? ": " : "", on_error);
    return -1;
}

/* The wrapper, then the server with its options; a wrapper that is too long is a mistake in
 * this program, and cut. */
static void command_line(char **argv, size_t size, const char *path,
                         const struct server_options *options)
{
    char *own[] = {(char *)path, "-a", (char *)options->host, "-p", "0", NULL};
    size_t own_count = sizeof own / sizeof *own;
    size_t count = 0;
    for (; options->wrapper && options->wrapper[count] && count < size - own_count;
         count++)
        argv[count] = options->wrapper[count];
    memcpy(argv + count, own, sizeof own);
}

int server_start(struct server *server, const char *path,
                 const struct server_options *options, struct err *err)
{
    int ends[2];
    struct stat status;
    *server = (struct server){.error = options->error, .wrapped = options->wrapper};
    if (options->error >= 0 && fstat(options->error, &status) == 0)
        server->error_start = status.st_size;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_set(err, "pipe: %s", strerror(errno));
    int patience = options->patience > 0 ? options->patience : 1;
    char *argv[24];
    command_line(argv, sizeof argv / sizeof *argv, path, options);
    int failed = proc_start(&server->proc,
                            &(struct proc_options){.argv = argv,
                                                   .input = -1,
                                                   .output = ends[1],
                                                   .error = options->error,
                                                   .cpu = options->cpu,
                                                   .cpus = options->cpus,
                                                   .environment = options->environment,
                                                   .cgroup = options->cgroup,
                                                   .env_pad = options->env_pad},
                            err);
    close(ends[1]);
    server->stop_grace_ms = STOP_GRACE_MS * patience;
    if (failed) {
        close(ends[0]);
        return -1;
    }
    char line[256];
    double deadline = clock_now() + READY_TIMEOUT_MS * patience / 1000.0;
    bool whole = proc_read_line(ends[0], line, sizeof line, deadline);
    if (!whole || !parse_ready_line(server, line))
        return start_failed(server, ends[0], line, err);
    server->output = drain_start(ends[0], err);
    if (server->output)
        return 0;
    proc_stop(&server->proc, 0, &(bool){false});
    return -1;
}

/* What wraps the server writes, as each of its processes ends, what it has counted. Those of a
 * server that ends them by its own end are still busy with that when it is gone. False: the
 * server has not ended. */
static bool await_accounts(struct server *server)
{
    kill(server->proc.pid, SIGTERM);
    if (proc_wait(&server->proc, server->stop_grace_ms) != PROC_ENDED)
        return false;
    family_await(server->stop_grace_ms);
    return true;
}

/* Up to 3.19 at least, valgrind holds signals back in it, as in all calls that never block. */
static bool waits_for_io_uring(pid_t pid)
{
    char path[64];
    long call = -1;
    snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    bool known = fscanf(file, "%ld", &call) == 1;
    fclose(file);
    return known && call == SYS_io_uring_enter;
}

int server_stop(struct server *server, struct err *err)
{
    bool killed;
    bool in_time = !server->wrapped || await_accounts(server);
    bool unheard = !in_time && waits_for_io_uring(server->proc.pid);
    int status = proc_stop(&server->proc, in_time ? server->stop_grace_ms : 0, &killed);
    size_t left = family_end(FAMILY_TIMEOUT_MS);
    drain_stop(server->output);
    server->output = NULL;
    if (left > 0)
        return err_set(err, "%zu processes of the server do not end", left);
    if (unheard)
        return err_set(err, "the server waits in io_uring_enter(2), in which valgrind "
                            "holds all signals back, so it could not be ended");
    if (killed)
        return err_set(err, "the server did not end within %d s of SIGTERM",
                       server->stop_grace_ms / 1000);
    if (status != 0)
        return err_set(err, "the server answered SIGTERM with %s",
                       proc_status_text(status));
    return 0;
}

const char *server_died(const struct server *server)
{
    static char text[300];
    char on_error[200];
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)server->proc.pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
        return proc_status_text(-1);
    if (info.si_pid == 0)
        return NULL;
    /* As waitpid packs it: the exit status in the second byte, or the signal in the first. */
    int status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
    first_error_line(server, on_error, sizeof on_error);
    snprintf(text, sizeof text, "%s%s%s", proc_status_text(status), *on_error ? ": " : "",
             on_error);
    return text;
}
