/* target.c - a server that is profiled: started, driven, stopped.
 * SPDX-License-Identifier: MIT */
#include "profile/target.h"

#include "base/alloc.h"
#include "host/family.h"
#include "load/tool.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PATIENCE = 6, /* valgrind takes seconds where a server takes milliseconds */
    DRIVE_TIMEOUT_MS = 120000,
    SETTLE_QUIET_MS = 20,
    SETTLE_TIMEOUT_MS = 2000,
};

char *target_raw(const struct setup *setup, const struct run_server *server,
                 const char *label)
{
    char *raw = alloc_format("%s/raw/%s-%s", setup->folder, server->name, label);
    /* A server's name may be any file's; in ours it is only letters, digits and -_. */
    for (char *c = raw + strlen(setup->folder) + strlen("/raw/"); *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
            *c = '_';
    return raw;
}

static int target_start(struct target *target, const struct target_options *options,
                        struct err *err)
{
    const struct setup *setup = options->setup;
    *target = (struct target){
        .setup = setup,
        .raw = target_raw(setup, options->server, options->label),
    };
    char *error_path = alloc_format("%s.stderr", target->raw);
    int failed = sandbox_open(&target->box, options->server,
                              &(struct sandbox_options){.own_network = setup->own_network,
                                                        .own_cgroup = setup->own_cgroup,
                                                        .cpu = setup->cpus.server,
                                                        .error_path = error_path,
                                                        .wrapper = options->wrapper,
                                                        .patience = PATIENCE},
                              err);
    free(error_path);
    return failed;
}

static int check_result(const struct load *load, int status, const char *raw,
                        struct err *err)
{
    struct tool_result result;
    char *output = alloc_format("%s.txt", raw);
    char *table = alloc_format("%s.csv", raw);
    int failed = tool_parse(&tool_ab, &result, load, status, output, table, err);
    if (!failed && (result.failed > 0 || result.non_2xx > 0))
        failed = err_set(err, "not every request was answered well: see %s", output);
    unlink(table);
    free(output);
    free(table);
    return failed;
}

static int run_tool(const struct target *target, char *const *argv, const char *raw,
                    int *status, struct err *err)
{
    struct proc proc;
    bool killed;
    char *path = alloc_format("%s.txt", raw);
    int output = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int failed =
        output < 0 ? err_set(err, "%s: %s", path, strerror(errno))
                   : proc_start(&proc,
                                &(struct proc_options){.argv = argv,
                                                       .input = -1,
                                                       .output = output,
                                                       .error = output,
                                                       .cpu = target->setup->cpus.client},
                                err);
    free(path);
    if (output >= 0)
        close(output);
    if (failed)
        return -1;
    enum proc_event event = proc_wait(&proc, DRIVE_TIMEOUT_MS);
    if (event == PROC_ENDED)
        *status = proc_reap(&proc, NULL);
    else
        proc_stop(&proc, 500, &killed);
    if (event == PROC_INTERRUPTED)
        return err_set(err, "interrupted");
    return event == PROC_ENDED
               ? 0
               : err_set(err, "ab did not end within %d s", DRIVE_TIMEOUT_MS / 1000);
}

int target_drive(struct target *target, const struct drive *drive, struct err *err)
{
    char slash[] = "/";
    const struct load load = {.path = slash,
                              .requests = drive->requests,
                              .concurrency = drive->concurrency,
                              .keepalive = drive->keepalive,
                              .timeout = DRIVE_TIMEOUT_MS / 1000};
    struct tool_command command;
    int status = 0;
    char *raw = alloc_format("%s-ab%d", target->raw, ++target->drives);
    char *table = alloc_format("%s.csv", raw);
    tool_ab.command(&command, &load, target->box.server.host, target->box.server.port,
                    table);
    int failed = run_tool(target, command.argv, raw, &status, err);
    if (!failed)
        failed = check_result(&load, status, raw, err);
    tool_command_free(&command);
    free(table);
    free(raw);
    const char *died = failed ? server_died(&target->box.server) : NULL;
    if (died)
        err_set(err, "the server ended under the load: %s", died);
    if (!failed)
        sandbox_settle(&target->box, SETTLE_QUIET_MS, SETTLE_TIMEOUT_MS);
    return failed;
}

double target_cpu_s(const struct target *target)
{
    return sandbox_cpu_s(&target->box);
}

size_t target_pids(const struct target *target, pid_t *pids, size_t size)
{
    struct relative *family;
    size_t count = 1;
    size_t found = family_find(target->box.server.proc.pid, &family);
    if (size > 0)
        pids[0] = target->box.server.proc.pid;
    for (size_t i = 0; i < found; i++)
        if (family[i].pid != target->box.server.proc.pid && count++ < size)
            pids[count - 1] = family[i].pid;
    free(family);
    return count;
}

int target_use(const struct target_options *options,
               int (*use)(void *subject, struct target *target, struct err *err),
               void *subject, struct err *err)
{
    struct target target;
    struct err later;
    int failed = target_start(&target, options, err);
    if (!failed)
        failed = use(subject, &target, err);
    if (sandbox_close(&target.box, failed ? &later : err) < 0)
        failed = -1;
    free(target.raw);
    return failed;
}

double target_status(pid_t pid, const char *field)
{
    char path[64];
    char line[256];
    size_t length = strlen(field);
    double value = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, field, length) == 0 && line[length] == ':')
            value = strtod(line + length + 1, NULL);
    if (file)
        fclose(file);
    return value;
}

int target_tool(const char *program, const char *package, struct err *err)
{
    const char *path = getenv("PATH");
    char *folders = alloc_copy(path ? path : "/usr/bin:/bin");
    bool found = false;
    char *rest = folders;
    for (char *folder; !found && (folder = strsep(&rest, ":"));) {
        char *file = alloc_format("%s/%s", folder, program);
        found = access(file, X_OK) == 0;
        free(file);
    }
    free(folders);
    return found ? 0
                 : err_set(err, "%s is not installed (Debian's package is %s)", program,
                           package);
}
