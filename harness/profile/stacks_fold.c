/* stacks_fold.c - what `perf script` printed, folded: each stack once, with how many samples
 * had it.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks_fold.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
