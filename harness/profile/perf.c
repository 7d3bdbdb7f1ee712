/* perf.c - perf, beside a running server: what it saw of where the server was, folded: each
 * stack once, with how many samples had it.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "profile/watch.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PROCESSES = 256 }; /* whose stacks are made ready */

/* ---- what it prints ---- */

/* One sample while it is read, from the innermost frame on. perf's own limit is 127 frames for
 * user and kernel each (kernel.perf_event_max_stack): it leaves out what is beyond, and the
 * stack is then not whole. */
struct sample {
    char *folded; /* so far, the outermost frame first; owned */
    bool open;
};

static void sample_clear(struct sample *sample)
{
    free(sample->folded);
    *sample = (struct sample){0};
}

/* Is a stack's outermost frame one of these functions? The mark behind its name is of no
 * interest. */
static bool begins_with(const char *folded, const char *const *names)
{
    for (; *names; names++) {
        size_t length = strlen(*names);
        const char *end = folded + length;
        if (strncmp(folded, *names, length) == 0 &&
            (!*end || *end == ';' || strncmp(end, "_[", 2) == 0))
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

/* Ends a sample: counts its stack. */
static void folds_count(struct folds *folds, struct sample *sample)
{
    const char *folded = sample->folded ? sample->folded : "(no stack)";
    json_int_t before = json_integer_value(json_object_get(folds->stacks, folded));
    json_object_set_new(folds->stacks, folded, json_integer(before + 1));
    folds->samples++;
    folds->whole += begins_with(folded, beginnings);
    folds->kernel_only += begins_with(folded, entries);
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
    char *name = frame_name(function, object + 1, mark);
    char *inner = sample->folded;
    sample->folded = inner ? alloc_format("%s;%s", name, inner) : alloc_copy(name);
    free(name);
    free(inner);
    return 0;
}

/* What is read into, and while. */
struct reader {
    struct folds *folds;
    struct sample sample;
    const char *program;
};

/* One line: the head of a sample, one of its frames, or the empty line that ends it. */
static int folds_line(void *to, char *line)
{
    struct reader *reader = to;
    struct sample *sample = &reader->sample;
    char *text = line;
    while (isspace((unsigned char)*text))
        text++;
    if (!*text) {
        if (sample->open)
            folds_count(reader->folds, sample);
        return 0;
    }
    if (!sample->open) {
        sample->open = true;
        return text == line ? 0 : -1;
    }
    return text > line ? sample_frame(sample, text, reader->program) : -1;
}

int folds_read(struct folds *folds, FILE *script, const char *program, struct err *err)
{
    struct reader reader = {.folds = folds, .program = program};
    *folds = (struct folds){.stacks = json_object()};
    int failed = lines_read(script, "perf script", folds_line, &reader, err);
    if (!failed && folds->samples == 0)
        failed = err_set(err, "perf took no sample of the server");
    sample_clear(&reader.sample);
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

/* perf starts it once the watch has begun, and ends it; or it ends a second after perf. */
static char child[] = "echo watching; while kill -0 $PPID; do sleep 1; done";

static const char LACKS[] = "it needs root, or kernel.perf_event_paranoid at most 1";

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

/* Has perf write what it sees to the file `data`. */
static int record(struct target *target, const struct drive *drive, double seconds,
                  char *data, const char *said, struct err *err)
{
    static char frequency[] = "997"; /* samples per second of CPU time */
    pid_t pids[PROCESSES];
    size_t count = target_pids(target, pids, PROCESSES);
    for (size_t i = 0; i < count && i < PROCESSES; i++)
        stack_touch(pids[i]);
    char *list = watch_pids(target);
    char *argv[] = {"perf", "record",  "-o",           data,       "-e", "cpu-clock",
                    "-F",   frequency, "--call-graph", call_graph, "-p", list,
                    "--",   "sh",      "-c",           child,      NULL};
    const struct watcher perf = {.name = "perf record",
                                 .argv = argv,
                                 .said = said,
                                 .ready = "watching",
                                 .lacks = LACKS,
                                 .cpu = target->setup->cpus.client};
    int failed = watch_drive(&perf, target, drive, seconds, err);
    free(list);
    return failed;
}

/* perf prints tens of megabytes: into a file that has no name. Inlined functions are not asked
 * for, since perf starts addr2line for each address. */
static int read_record(struct folds *folds, const struct target *target, char *data,
                       const char *said, const char *program, struct err *err)
{
    static char fields[] = "comm,pid,tid,ip,sym,dso";
    char *argv[] = {"perf", "script", "-i", data, "--no-inline", "-F", fields, NULL};
    const struct watcher perf = {.name = "perf script",
                                 .argv = argv,
                                 .said = said,
                                 .lacks = LACKS,
                                 .cpu = target->setup->cpus.client};
    FILE *script = tmpfile();
    if (!script)
        return err_set(err, "tmpfile: %s", strerror(errno));
    int failed = watch_run(&perf, fileno(script), err);
    if (!failed && fseek(script, 0, SEEK_SET) < 0)
        failed = err_set(err, "what perf script printed: %s", strerror(errno));
    if (!failed)
        failed = folds_read(folds, script, program, err);
    fclose(script);
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

int perf_watch(struct folds *folds, struct target *target, const struct drive *drive,
               double seconds, struct err *err)
{
    char program[PATH_MAX];
    char *data = alloc_format("%s.perf", target->raw);
    char *said = alloc_format("%s-perf.txt", target->raw);
    read_program(program, sizeof program, target);
    int failed = record(target, drive, seconds, data, said, err);
    if (!failed)
        failed = read_record(folds, target, data, said, program, err);
    unlink(data);
    free(data);
    free(said);
    return failed;
}
