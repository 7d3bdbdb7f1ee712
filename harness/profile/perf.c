/* perf.c - perf, beside a running server: what it saw of where the server was, folded: each
 * stack once, with how many samples had it.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "host/proc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    HZ = 997,        /* samples per second of CPU time */
    PROCESSES = 256, /* watched from the start; their children perf finds itself */
    START_TIMEOUT_MS = 10000,
    END_TIMEOUT_MS = 60000,
};

/* ---- what it prints ---- */

/* perf's own limit is 127 frames (kernel.perf_event_max_stack), for user and kernel each.
 * What is beyond is left out, and the stack is then not whole. */
enum { FRAMES_MAX = 256 };

/* One sample while it is read: its frames, the innermost first, as they are folded. */
struct sample {
    char *frames[FRAMES_MAX]; /* each owned */
    size_t count;
    bool open;
};

static void sample_clear(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++)
        free(sample->frames[i]);
    *sample = (struct sample){0};
}

/* Is the frame one of these functions? The mark behind its name is of no interest. */
static bool frame_is(const char *frame, const char *const *names)
{
    for (; *names; names++) {
        size_t length = strlen(*names);
        if (strncmp(frame, *names, length) == 0 &&
            (!frame[length] || strncmp(frame + length, "_[", 2) == 0))
            return true;
    }
    return false;
}

/* Where a process or a thread begins, in glibc and in musl. */
static const char *const beginnings[] = {
    "_start",  "_start_c", "__libc_start_main", "__libc_start_call_main",
    "main",    "start",    "start_thread",      "clone",
    "__clone", "clone3",   "__clone3",          NULL,
};

/* Where user space enters the kernel, by a call, a fault or an interrupt; and where a process
 * begins in it. x86-64 and AArch64. */
static const char *const entries[] = {
    "entry_SYSCALL_64_after_hwframe",
    "asm_exc_page_fault",
    "asm_sysvec_apic_timer_interrupt",
    "asm_common_interrupt",
    "ret_from_fork_asm",
    "ret_from_fork",
    "el0t_64_sync",
    "el0t_64_irq",
    NULL,
};

/* Ends a sample: counts its stack, outermost function first. */
static void folds_count(struct folds *folds, struct sample *sample)
{
    char *folded = alloc_copy(sample->count ? "" : "(no stack)");
    for (size_t i = sample->count; i-- > 0;) {
        char *longer =
            alloc_format("%s%s%s", folded, *folded ? ";" : "", sample->frames[i]);
        free(folded);
        folded = longer;
    }
    json_int_t before = json_integer_value(json_object_get(folds->stacks, folded));
    json_object_set_new(folds->stacks, folded, json_integer(before + 1));
    free(folded);
    const char *outermost = sample->count ? sample->frames[sample->count - 1] : "";
    folds->samples++;
    folds->whole += frame_is(outermost, beginnings);
    folds->kernel_only += frame_is(outermost, entries);
    sample_clear(sample);
}

/* "__send@@GLIBC_2.2.5" is __send: the version is of no interest. */
static void cut_version(char *function)
{
    char *at = strchr(function, '@');
    if (at && at > function)
        *at = '\0';
}

/* A function without a name is told by its file: "[libuv.so.1.0.0]". */
static char *frame_name(const char *function, const char *object, const char *mark)
{
    const char *slash = strrchr(object, '/');
    bool known = strcmp(function, "[unknown]") != 0;
    char *plain = known ? alloc_format("%s%s", function, mark)
                        : alloc_format("[%s]%s", slash ? slash + 1 : object, mark);
    char *name = utf8_clean(plain);
    free(plain);
    for (char *c = name; *c; c++)
        if (*c == ';')
            *c = ':';
    return name;
}

/* A line "     7f13 __send+0x19 (/usr/lib/libc.so.6)", from its number on, in place. The upper
 * half of the addresses is the kernel's. */
static int sample_frame(struct sample *sample, char *line, const char *program)
{
    char *end;
    unsigned long long address = strtoull(line, &end, 16);
    char *object = strrchr(line, '(');
    char *close = strrchr(line, ')');
    if (end == line || *end != ' ' || !object || object <= end || !close ||
        close < object)
        return -1;
    *close = '\0';
    object[-1] = '\0';
    char *function = object - 1 > end ? end + 1 : object - 1;
    cut_version(function);
    const char *mark = "_[l]";
    if (address >> 63)
        mark = "_[k]";
    else if (strcmp(object + 1, program) == 0)
        mark = "";
    if (sample->count < FRAMES_MAX)
        sample->frames[sample->count++] = frame_name(function, object + 1, mark);
    return 0;
}

/* One line: the head of a sample, one of its frames, or the empty line that ends it. */
static int folds_line(struct folds *folds, struct sample *sample, char *line,
                      const char *program)
{
    char *text = line;
    while (isspace((unsigned char)*text))
        text++;
    if (!*text) {
        if (sample->open)
            folds_count(folds, sample);
        return 0;
    }
    if (!sample->open) {
        sample->open = true;
        return text == line ? 0 : -1;
    }
    return text > line ? sample_frame(sample, text, program) : -1;
}

int folds_read(struct folds *folds, FILE *script, const char *program, struct err *err)
{
    char *line = NULL;
    size_t room = 0;
    size_t number = 0;
    struct sample sample = {0};
    int failed = 0;
    *folds = (struct folds){.stacks = json_object()};
    while (!failed && getline(&line, &room, script) > 0) {
        char *shown = alloc_format("%.60s", line);
        shown[strcspn(shown, "\n")] = '\0';
        number++;
        if (folds_line(folds, &sample, line, program) < 0)
            failed =
                err_set(err, "line %zu of perf script is not as it writes them: '%s'",
                        number, shown);
        free(shown);
    }
    if (!failed && folds->samples == 0)
        failed = err_set(err, "perf took no sample of the server");
    sample_clear(&sample);
    free(line);
    if (failed)
        folds_free(folds);
    return failed;
}

void folds_free(struct folds *folds)
{
    json_decref(folds->stacks);
    *folds = (struct folds){0};
}

/* ---- perf itself ---- */

/* Debian's libraries keep no frame pointers, so stacks that were followed by them would end
 * in the first library. perf takes 32 KB of the stack along instead (libuv has 12 KB of events
 * on it) and unwinds it afterwards. */
static char call_graph[] = "dwarf,32768";

/* perf watches for as long as its own child lives: a shell, which says a line once the watch
 * has begun, and then is cat, which ends when its input does. */
static char child[] = "echo; exec cat";

/* perf, watching. */
struct watch {
    struct proc proc;
    int cpu; /* that it may run on */
    int child; /* the other end of its child's input and output; closing it ends the watch */
    char *data; /* perf's file; owned */
    char *said; /* where perf's messages go; owned */
};

/* perf ended badly: what it said first, and what mostly is the matter. */
static int perf_failed(const struct watch *watch, const char *command, struct err *err)
{
    char line[200] = "nothing";
    FILE *file = fopen(watch->said, "re");
    while (file && fgets(line, sizeof line, file))
        if (line[strspn(line, " \t\n")])
            break;
    if (file)
        fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return err_set(err,
                   "perf %s said: %s (it needs root, or kernel.perf_event_paranoid at "
                   "most 1)",
                   command, line);
}

/* Starts perf on the load tool's CPU, with its messages in a file. */
static int perf_start(struct proc *proc, const struct watch *watch, char *const *argv,
                      int input, int output, struct err *err)
{
    int error = open(watch->said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (error < 0)
        return err_set(err, "%s: %s", watch->said, strerror(errno));
    int failed = proc_start(proc,
                            &(struct proc_options){.argv = argv,
                                                   .input = input,
                                                   .output = output,
                                                   .error = error,
                                                   .cpu = watch->cpu},
                            err);
    close(error);
    return failed;
}

/* Waits until perf has ended by itself. */
static int perf_await(struct proc *proc, const struct watch *watch, const char *command,
                      struct err *err)
{
    bool killed;
    enum proc_event event = proc_wait(proc, END_TIMEOUT_MS);
    if (event == PROC_ENDED)
        return proc_reap(proc, NULL) == 0 ? 0 : perf_failed(watch, command, err);
    proc_stop(proc, 500, &killed);
    if (event == PROC_INTERRUPTED)
        return err_set(err, "interrupted");
    return err_set(err, "perf %s did not end within %d s", command,
                   END_TIMEOUT_MS / 1000);
}

/* ---- watching ---- */

/* Where the stack lies, from /proc/PID/maps. */
static bool stack_find(pid_t pid, void **start, void **end)
{
    char path[64];
    char line[512];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof line, file))
        found = strstr(line, "[stack]") && sscanf(line, "%p-%p", start, end) == 2;
    if (file)
        fclose(file);
    return found;
}

/* Has the kernel map every page of the main thread's stack, which reading a byte of it does.
 * perf copies a stack from within an interrupt, where no page can be fetched, so that a page
 * which the program has never touched, in the middle of a large array say, ends the copy, and
 * the stack seems to begin there. Where it cannot be read, nothing is lost but whole stacks. */
static void stack_touch(pid_t pid)
{
    void *start;
    void *end;
    long page = sysconf(_SC_PAGESIZE);
    if (!stack_find(pid, &start, &end))
        return;
    for (char *address = start; address < (char *)end; address += page) {
        char byte;
        struct iovec here = {.iov_base = &byte, .iov_len = 1};
        struct iovec there = {.iov_base = address, .iov_len = 1};
        if (process_vm_readv(pid, &here, 1, &there, 1, 0) != 1)
            return;
    }
}

/* The processes as perf's -p takes them, "12,13", owned by the caller; their stacks are made
 * ready on the way. */
static char *pid_list(const struct target *target)
{
    pid_t pids[PROCESSES];
    size_t count = target_pids(target, pids, PROCESSES);
    char *list = alloc_copy("");
    for (size_t i = 0; i < count && i < PROCESSES; i++) {
        stack_touch(pids[i]);
        char *longer = alloc_format("%s%s%d", list, *list ? "," : "", (int)pids[i]);
        free(list);
        list = longer;
    }
    return list;
}

/* Starts perf record, its child's input and output at one end of a pair of sockets. */
static int record_start(struct watch *watch, const struct target *target, struct err *err)
{
    char frequency[16];
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return err_set(err, "socketpair: %s", strerror(errno));
    watch->child = ends[0];
    snprintf(frequency, sizeof frequency, "%d", HZ);
    char *pids = pid_list(target);
    char *argv[] = {"perf", "record",  "-o",           watch->data, "-e", "cpu-clock",
                    "-F",   frequency, "--call-graph", call_graph,  "-p", pids,
                    "--",   "sh",      "-c",           child,       NULL};
    int failed = perf_start(&watch->proc, watch, argv, ends[1], ends[1], err);
    close(ends[1]);
    free(pids);
    return failed;
}

/* Waits for the child's line. */
static int record_await(const struct watch *watch, struct err *err)
{
    char byte;
    int ready;
    double deadline = clock_now() + START_TIMEOUT_MS / 1000.0;
    struct pollfd said = {.fd = watch->child, .events = POLLIN};
    do
        ready = poll(&said, 1, clock_left_ms(deadline));
    while (ready < 0 && errno == EINTR);
    return ready == 1 && read(watch->child, &byte, 1) == 1
               ? 0
               : perf_failed(watch, "record", err);
}

/* ---- what it saw ---- */

/* perf prints tens of megabytes: into a file that has no name. Inlined functions are not asked
 * for, since perf starts addr2line for each address. */
static int script_read(const struct watch *watch, struct folds *folds,
                       const char *program, struct err *err)
{
    struct proc proc;
    FILE *script = tmpfile();
    if (!script)
        return err_set(err, "tmpfile: %s", strerror(errno));
    static char fields[] = "comm,pid,tid,ip,sym,dso";
    char *argv[] = {"perf",        "script", "-i",   watch->data,
                    "--no-inline", "-F",     fields, NULL};
    int failed = perf_start(&proc, watch, argv, -1, fileno(script), err);
    if (!failed)
        failed = perf_await(&proc, watch, "script", err);
    if (!failed && fseek(script, 0, SEEK_SET) < 0)
        failed = err_set(err, "fseek: %s", strerror(errno));
    if (!failed)
        failed = folds_read(folds, script, program, err);
    fclose(script);
    return failed;
}

/* Ends the watch, while the server is still there, and reads what was seen unless `folds` is
 * NULL. */
static int watch_end(struct watch *watch, struct folds *folds, const char *program,
                     struct err *err)
{
    close(watch->child);
    watch->child = -1;
    int failed = perf_await(&watch->proc, watch, "record", err);
    if (!failed && folds)
        failed = script_read(watch, folds, program, err);
    return failed;
}

/* The executable that the server runs: not the path it was started by, which may be a
 * script's. */
static void read_program(char *program, size_t size, const struct target *target)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)target->box.server.proc.pid);
    ssize_t length = readlink(link, program, size - 1);
    program[length > 0 ? length : 0] = '\0';
}

static int watch_drive(struct watch *watch, struct folds *folds, struct target *target,
                       int (*drive)(struct target *, struct err *), struct err *err)
{
    char program[PATH_MAX];
    struct err ignored;
    read_program(program, sizeof program, target);
    if (record_start(watch, target, err) < 0)
        return -1;
    int failed = record_await(watch, err);
    if (!failed)
        failed = drive(target, err);
    return watch_end(watch, failed ? NULL : folds, program, failed ? &ignored : err) <
                       0 ||
                   failed
               ? -1
               : 0;
}

int perf_watch(struct folds *folds, struct target *target,
               int (*drive)(struct target *, struct err *), struct err *err)
{
    struct watch watch = {.cpu = target->setup->cpus.client,
                          .child = -1,
                          .data = alloc_format("%s.perf", target->raw),
                          .said = alloc_format("%s-perf.txt", target->raw)};
    int failed = watch_drive(&watch, folds, target, drive, err);
    if (watch.child >= 0)
        close(watch.child);
    unlink(watch.data);
    free(watch.data);
    free(watch.said);
    return failed;
}
