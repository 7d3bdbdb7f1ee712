/* proof_test.c - the harness finds out what ab does not: servers that are broken in one way
 * each are measured, and each gets its verdict, in the record and in the tables.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"
#include "host/cpus.h"
#include "host/proc.h"
#include "model/record.h"

#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RUN_TIMEOUT_MS = 500000 };

/* The runs. Most are of one whole trial each; SLICED is of two rounds of slices, and BUSY of
 * both. All but the last go on side by side, and the later of them mostly wait. */
enum which {
    SHORT,
    HUNDREDTH,
    LONG,
    KEPT,
    FLOOD,
    SLICED,
    SILENT,
    OPEN,
    DEAF,
    BUSY,
    RUNS
};

enum { SIDE_BY_SIDE = BUSY };

/* broken_server knows how many requests the short load has, and that the long one has more
 * than 500; a backlog of 1 does not hold ten connections at once. */
static const char *const loads[RUNS] = {
    [SHORT] = "requests = 400\nconcurrency = 20\npriming = 0\ntimeout = 3\n",
    [HUNDREDTH] = "requests = 400\nconcurrency = 20\npriming = 0\ntimeout = 3\n",
    [LONG] = "requests = 800\nconcurrency = 50\npriming = 0\n",
    [KEPT] = "requests = 400\nconcurrency = 20\nkeepalive = yes\npriming = 0\n",
    [FLOOD] = "requests = 50\nconcurrency = 10\npriming = 0\n",
    [SLICED] =
        "requests = 200\nslice = 200\nconcurrency = 20\npriming = 0\ntimeout = 3\n",
    [SILENT] = "requests = 100\nconcurrency = 10\npriming = 0\n",
    [OPEN] = "requests = 100\nconcurrency = 10\npriming = 0\n",
    [DEAF] = "requests = 100\nconcurrency = 10\npriming = 0\n",
    [BUSY] = "requests = 5000\nconcurrency = 20\npriming = 100\n",
};

static const int trials[RUNS] = {1, 1, 1, 1, 1, [SLICED] = 0, 1, 1, 1, 1};
static const int rounds[RUNS] = {[SLICED] = 2, [BUSY] = 1};

/* A server that is broken, and what must come of it. */
static const struct condition {
    enum which run;
    const char *name;
    const char *way; /* BROKEN and BROKEN_WHEN of broken_server */
    const char *when;
    const char
        *reason; /* why its trials, or its last slice, do not count, in part; NULL: they
                           do */
    const char *flags; /* the rules that then mark the trials, each followed by a blank */
} conditions[] = {
    {SHORT, "empty", "empty", "", "a body of 0 bytes, not with 'Hello, World!'", NULL},
    {SHORT, "empty-later", "empty", "load", "bodies had 0 bytes, not 13", NULL},
    {SHORT, "truncated", "truncated", "", "a body of 5 bytes, not with 'Hello", NULL},
    {SHORT, "truncated-later", "truncated", "load", "bodies had 5 bytes, not 13", NULL},
    {HUNDREDTH, "truncated-100th", "truncated", "100th", "4 of 400 requests failed",
     NULL},
    {SHORT, "500", "500", "", "answered with status 500, not 200", NULL},
    {SHORT, "500-later", "500", "load", "400 of 400 replies had a status other than 2xx",
     NULL},
    {HUNDREDTH, "reset-100th", "RST", "100th",
     "ab ended with status 104, a connection was", NULL},
    {HUNDREDTH, "open-100th", "stays open", "100th", "ab ended with status 119, no",
     NULL},
    {SHORT, "wrong-length", "wrong length", "", "its Content-Length says 14", NULL},
    {OPEN, "ends-when-ready", "ends when ready", "",
     "the server ended before the load: exit status 4: cannot think", NULL},
    {OPEN, "keeps", "close", "",
     "before the load: the connection, which was to be closed, stayed open", NULL},
    {SHORT, "late", "late", "", NULL, ""},
    {FLOOD, "backlog-1", "backlog", "", NULL, "overflows "},
    {LONG, "ends", "ends under load", "", "the server ended under the load: exit status",
     NULL},
    {LONG, "stands-still", "stands still", "", NULL, "stall "},
    {KEPT, "not-kept", "keep-alive 1.0", "",
     "keep-alive was asked for and not kept: new connections took 100 %", NULL},
    {KEPT, "all-wait", "all wait", "", NULL, "stall "},
    {SLICED, "sliced-500", "500", "", "answered with status 500, not 200", NULL},
    {SLICED, "sliced-100th", "truncated", "100th", "requests failed", NULL},
    {SLICED, "sliced-reset", "RST", "100th", "ab ended with status 104", NULL},
    {SLICED, "sliced-ends", "ends under load", "150",
     "the server ended under the load: exit status", NULL},
    {SLICED, "sliced-deaf", "SIGTERM", "", "did not end within 2 s of SIGTERM", NULL},
    {SILENT, "silent", "silent", "", "did not print 'listening on HOST:PORT' within",
     NULL},
    {OPEN, "open", "stays open", "", "stayed open behind the reply: timed out", NULL},
    {DEAF, "deaf", "SIGTERM", "", "did not end within 2 s of SIGTERM", NULL},
};

enum { CONDITIONS = sizeof conditions / sizeof *conditions };

/* What each of a run's folders holds. */
static struct outcome {
    int status; /* as from waitpid */
    struct run run;
    char *cells;
    char *tables;
} outcomes[RUNS];

static char build[4096]; /* the folder of the programs under test */
static char folder[] = "/tmp/abacus-proof-XXXXXX";

/* ---- runs ---- */

static void file_write(const char *path, mode_t mode, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static char *file_read(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    if (!file || getdelim(&text, &size, '\0', file) < 0)
        fail_msg("%s is missing or empty", path);
    fclose(file);
    return text;
}

/* A path under the test's folder, owned by the caller. */
static char *path_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *path_of(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *name = alloc_vformat(format, args);
    va_end(args);
    char *path = alloc_format("%s/%s", folder, name);
    free(name);
    return path;
}

static char *server_make(const struct condition *condition)
{
    char *path = path_of("%s", condition->name);
    char *script = alloc_format("#!/bin/sh\nBROKEN='%s' BROKEN_WHEN='%s' exec "
                                "'%s/test/broken_server' \"$@\"\n",
                                condition->way, condition->when, build);
    file_write(path, 0755, script);
    free(script);
    return path;
}

/* What a run is started with; each argument owned. */
struct arguments {
    char *list[64];
    size_t count;
};

static void argument_add(struct arguments *arguments, char *argument)
{
    assert_true(arguments->count + 1 < sizeof arguments->list / sizeof(char *));
    arguments->list[arguments->count++] = argument;
}

static void options_add(struct arguments *arguments, enum which which)
{
    char *path = path_of("%d.ini", which);
    char *out = path_of("%d", which);
    char *suite = alloc_format("[suite]\nrounds = %d\ntrials = %d\nround_seconds = 1\n"
                               "[load l]\n%s",
                               rounds[which], trials[which], loads[which]);
    file_write(path, 0644, suite);
    argument_add(arguments, alloc_format("%s/abacus", build));
    argument_add(arguments, alloc_copy("run"));
    argument_add(arguments, alloc_copy("--debug-build"));
    argument_add(arguments, alloc_format("--suite=%s", path));
    argument_add(arguments, alloc_format("--out=%s", out));
    free(path);
    free(suite);
    free(out);
}

static void run_start(struct proc *proc, struct arguments *arguments, enum which which)
{
    struct err err;
    char *log = path_of("%d.log", which);
    int output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(output >= 0);
    if (proc_start(proc,
                   &(struct proc_options){.argv = arguments->list,
                                          .input = -1,
                                          .output = output,
                                          .error = output,
                                          .cpu = -1},
                   &err) < 0)
        fail_msg("%s", err.text);
    close(output);
    free(log);
    while (arguments->count > 0)
        free(arguments->list[--arguments->count]);
}

static void run_finish(struct proc *proc, enum which which)
{
    struct err err;
    struct outcome *outcome = &outcomes[which];
    char *run = path_of("%d", which);
    char *cells = alloc_format("%s/cells.csv", run);
    char *tables = alloc_format("%s/tables.txt", run);
    if (proc_wait(proc, RUN_TIMEOUT_MS) != PROC_ENDED)
        fail_msg("run %d does not end", which);
    outcome->status = proc_reap(proc, NULL);
    if (record_read(&outcome->run, run, &err) < 0)
        fail_msg("%s", err.text);
    outcome->cells = file_read(cells);
    outcome->tables = file_read(tables);
    free(cells);
    free(tables);
    free(run);
}

/* Not fork among the good ones: a sanitized process forks many times slower. */
static void bad_run_start(struct proc *proc, enum which run)
{
    static const char *const good[] = {"epoll",    "libev", "poll",
                                       "libevent", "libuv", "select"};
    struct arguments arguments = {.count = 0};
    options_add(&arguments, run);
    /* Other programs, this test's own runs among them, are no matter here. */
    argument_add(&arguments, alloc_copy("--limit=wall=inf"));
    for (size_t i = 0; i < (run == SHORT ? sizeof good / sizeof *good : 1); i++)
        argument_add(&arguments, alloc_copy(good[i]));
    for (size_t i = 0; i < CONDITIONS; i++)
        if (conditions[i].run == run)
            argument_add(&arguments, server_make(&conditions[i]));
    run_start(proc, &arguments, run);
}

static int bad_servers_measure(void **state)
{
    struct proc procs[SIDE_BY_SIDE];
    (void)state;
    ssize_t n = readlink("/proc/self/exe", build, sizeof build - 1);
    if (n <= 0 || !mkdtemp(folder))
        return -1;
    for (int levels = 0; levels < 2; levels++) /* BUILD/test/proof_test */
        *strrchr(build, '/') = '\0';
    for (int i = 0; i < SIDE_BY_SIDE; i++)
        bad_run_start(&procs[i], (enum which)i);
    for (int i = 0; i < SIDE_BY_SIDE; i++)
        run_finish(&procs[i], (enum which)i);
    return 0;
}

static int folder_remove(void **state)
{
    char output[256];
    struct err err;
    char *argv[] = {"rm", "-r", folder, NULL};
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        run_free(&outcomes[i].run);
        free(outcomes[i].cells);
        free(outcomes[i].tables);
    }
    return proc_capture(argv, output, sizeof output, 10000, &err);
}

/* ---- verdicts ---- */

/* The next trial of a server, from *at on; NULL: none. */
static const struct trial *trial_next(const struct run *run, const char *server,
                                      size_t *at)
{
    for (; *at < run->trial_count; (*at)++)
        if (strcmp(trial_server(run, &run->trials[*at])->name, server) == 0)
            return &run->trials[(*at)++];
    return NULL;
}

static bool has_flag(const struct trial *trial, const char *rule, size_t length)
{
    for (size_t i = 0; i < trial->remark_count; i++)
        if (strncmp(trial->remarks[i].rule, rule, length) == 0 &&
            trial->remarks[i].rule[length] == '\0')
            return true;
    return false;
}

static bool has_flags(const struct trial *trial, const char *rules)
{
    for (const char *rule = rules; *rule; rule = strchr(rule, ' ') + 1)
        if (!has_flag(trial, rule, strcspn(rule, " ")))
            return false;
    return true;
}

static bool trial_is_as_expected(const struct trial *trial,
                                 const struct condition *condition)
{
    if (!condition->reason)
        return trial->verdict == VERDICT_VALID && has_flags(trial, condition->flags);
    return trial->verdict == VERDICT_INVALID && trial->reason &&
           strstr(trial->reason, condition->reason) &&
           isnan(trial->result.requests_per_second);
}

static void each_bad_server_gets_its_verdict(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < CONDITIONS; i++) {
        const struct condition *condition = &conditions[i];
        const struct run *run = &outcomes[condition->run].run;
        size_t at = 0;
        const struct trial *trial = trial_next(run, condition->name, &at);
        if (condition->run == SLICED) {
            assert_null(trial);
            continue;
        }
        assert_non_null(trial);
        assert_null(trial_next(run, condition->name, &at)); /* nothing is repeated */
        if (trial_is_as_expected(trial, condition))
            continue;
        wrong++;
        print_error("%s is %s: %s\n", condition->name, verdict_name(trial->verdict),
                    trial->reason ? trial->reason : "no reason");
    }
    assert_int_equal(wrong, 0);
}

/* ---- slices ---- */

/* Of the slices of a server: how many there are, how many are wrong, and the last of them. */
struct account {
    size_t slices, wrong;
    const struct slice *last;
};

static struct account account_of(const struct run *run, const char *server)
{
    struct account account = {0};
    for (size_t i = 0; i < run->slice_count; i++)
        if (strcmp(run->servers[run->slices[i].server].name, server) == 0) {
            account.last = &run->slices[i];
            account.slices++;
            account.wrong += account.last->reason != NULL;
        }
    return account;
}

static bool slices_are_as_expected(const struct account *account,
                                   const struct condition *condition)
{
    const struct slice *last = account->last;
    bool lost = strcmp(condition->when, "100th") != 0;
    if (!last || !last->reason || !strstr(last->reason, condition->reason) ||
        last->last != lost)
        return false;
    return lost ? account->wrong == 1 && last->round == 1
                : account->wrong == account->slices && last->round == 2;
}

/* One that is lost has no more slices; one that goes on has them in every round, and each is
 * wrong. */
static void each_bad_slice_is_found(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < CONDITIONS; i++) {
        const struct condition *condition = &conditions[i];
        struct account account =
            account_of(&outcomes[condition->run].run, condition->name);
        if (condition->run != SLICED) {
            assert_int_equal(account.slices, 0);
        } else if (!slices_are_as_expected(&account, condition)) {
            const struct slice *last = account.last;
            wrong++;
            print_error("%s: %zu slices, %zu wrong, the last in round %d: %s\n",
                        condition->name, account.slices, account.wrong,
                        last ? last->round : 0,
                        last && last->reason ? last->reason : "no reason");
        }
    }
    assert_int_equal(wrong, 0);
}

/* What befalls the others is no concern of theirs: they have every slice. */
static void the_others_have_all_slices(void **state)
{
    (void)state;
    static const char *const good[] = {"epoll", "epoll again"};
    const struct run *run = &outcomes[SLICED].run;
    assert_true(run->slicings[0].blocks >= 1);
    assert_true(run->slicings[0].requests >= 100); /* five to each connection */
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct account account = account_of(run, good[i]);
        assert_int_equal(account.slices, 2 * run->slicings[0].blocks);
        if (account.wrong > 0)
            fail_msg("%s: %s", good[i], account.last->reason);
        assert_true(account.last->accepted >= account.last->complete);
        assert_int_equal(account.last->complete, run->slicings[0].requests);
    }
}

/* It waits, so neither side uses up its core: that is no CPU time to be told apart by. */
static void a_late_close_is_time_not_work(void **state)
{
    (void)state;
    size_t at = 0;
    const struct trial *trial = trial_next(&outcomes[SHORT].run, "late", &at);
    assert_int_equal(trial->bound, BOUND_WAITING);
    assert_true(trial->result.percentile_ms[0] >= 50);
}

static void the_others_have_figures(void **state)
{
    (void)state;
    static const char *const good[] = {"epoll",    "libev", "poll",
                                       "libevent", "libuv", "select"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t at = 0;
        const struct trial *trial = trial_next(&outcomes[SHORT].run, good[i], &at);
        assert_non_null(trial);
        if (trial->verdict != VERDICT_VALID)
            fail_msg("%s: %s", good[i], trial->reason);
    }
}

/* The first server takes part once more under another name, to show what chance does; whole trials
 * are not made of it. */
static void there_is_a_control(void **state)
{
    (void)state;
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
        const struct run_server *first = run_server(&outcomes[i].run, "epoll");
        const struct run_server *control = run_server(&outcomes[i].run, "epoll again");
        assert_string_equal(control->control_of, "epoll");
        assert_string_equal(control->sha256, first->sha256);
        assert_null(first->control_of);
        assert_null(trial_next(&outcomes[i].run, "epoll again", &(size_t){0}));
    }
}

static void the_exit_status_tells(void **state)
{
    (void)state;
    for (int i = 0; i < SIDE_BY_SIDE; i++)
        assert_int_equal(outcomes[i].status, i == FLOOD ? 0 : 1 << 8);
}

/* ---- tables ---- */

/* The row of a server in cells.csv: name, no trials and no rounds, and no figure up to how many
 * failed. */
static bool row_has_no_figure(const char *cells, const char *name)
{
    enum { FIGURES = 23 };
    char row[256];
    snprintf(row, sizeof row, "\nl,%s,0,0,", name);
    const char *found = strstr(cells, row);
    if (!found)
        return false;
    found += strlen(row);
    return strspn(found, ",") == FIGURES && found[FIGURES] >= '1' &&
           found[FIGURES] <= '9';
}

/* Whether a line of the tables begins with the server's name and a number. */
static bool line_has_figure(const char *tables, const char *name)
{
    char start[256];
    snprintf(start, sizeof start, "\n%s ", name);
    for (const char *at = tables; (at = strstr(at, start)); at++) {
        const char *word = at + strlen(start);
        word += strspn(word, " *\xe2\x80\xa0"); /* and the marks: "†" */
        if (*word >= '0' && *word <= '9')
            return true;
    }
    return false;
}

static void no_figure_of_a_bad_server_is_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONDITIONS; i++) {
        const struct condition *condition = &conditions[i];
        const struct outcome *outcome = &outcomes[condition->run];
        bool bare = row_has_no_figure(outcome->cells, condition->name);
        bool shown = line_has_figure(outcome->tables, condition->name);
        if (!strstr(outcome->tables, condition->name))
            fail_msg("%s is not in the tables", condition->name);
        if (bare != (condition->reason != NULL) || shown == (condition->reason != NULL))
            fail_msg("%s: %s row in cells.csv, %s in the tables", condition->name,
                     bare ? "a bare" : "no bare", shown ? "figures" : "no figures");
    }
}

/* ---- a busy machine ---- */

static pid_t hog_start(int cpu)
{
    pid_t pid = fork();
    if (pid == 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set) < 0)
            _exit(1);
        for (volatile unsigned spins = 0;; spins++)
            ;
    }
    assert_true(pid > 0);
    return pid;
}

/* A program on ab's own core: it is said how much it took, and the figures stand. */
static void a_hog_is_said(void **state)
{
    (void)state;
    struct proc proc;
    struct summary summary;
    struct arguments arguments = {.count = 0};
    options_add(&arguments, BUSY);
    argument_add(&arguments, alloc_copy("epoll"));
    pid_t hog = hog_start(cpus_choose().client);
    run_start(&proc, &arguments, BUSY);
    run_finish(&proc, BUSY);
    kill(hog, SIGKILL);
    assert_int_equal(waitpid(hog, NULL, 0), hog);
    const struct run *run = &outcomes[BUSY].run;
    assert_int_equal(outcomes[BUSY].status, 0);
    assert_int_equal(run->trial_count, 1);
    assert_int_equal(run->trials[0].verdict, VERDICT_VALID);
    assert_int_equal(account_of(run, "epoll").wrong, 0);
    assert_false(row_has_no_figure(outcomes[BUSY].cells, "epoll"));
    assert_true(line_has_figure(outcomes[BUSY].tables, "epoll"));
    assert_non_null(strstr(outcomes[BUSY].tables, "other programs used"));
    summary_make(&summary, run);
    assert_true(summary.disturbance.foreign_s > 0.25 * summary.disturbance.seconds);
    summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bad_server_gets_its_verdict),
        cmocka_unit_test(each_bad_slice_is_found),
        cmocka_unit_test(the_others_have_all_slices),
        cmocka_unit_test(a_late_close_is_time_not_work),
        cmocka_unit_test(the_others_have_figures),
        cmocka_unit_test(there_is_a_control),
        cmocka_unit_test(the_exit_status_tells),
        cmocka_unit_test(no_figure_of_a_bad_server_is_shown),
        cmocka_unit_test(a_hog_is_said),
    };
    return cmocka_run_group_tests(tests, bad_servers_measure, folder_remove);
}
