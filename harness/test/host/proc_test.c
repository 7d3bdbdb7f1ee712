/* proc_test.c - children are started, waited for, ended, and leave nothing behind.
 * SPDX-License-Identifier: MIT */
#include "host/proc.h"

#include "base/clock.h"
#include "host/family.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char *const sleeper[] = {"sleep", "60", NULL};
static char *const stubborn[] = {"sh", "-c", "trap '' TERM; echo ready; sleep 60", NULL};

static struct proc start(char *const *argv, int output)
{
    struct err err;
    struct proc proc;
    struct proc_options options = {
        .argv = argv, .input = -1, .output = output, .error = -1, .cpu = -1};
    assert_int_equal(proc_start(&proc, &options, &err), 0);
    return proc;
}

static void output_and_status_are_captured(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        const char *output;
        int status;
    } cases[] = {
        {"echo out; echo err >&2", "out\nerr\n", 0},
        {"exit 3", "", 3},
        {"printf 123456789", "1234567", 0}, /* what does not fit is read and dropped */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        char output[16];
        char *argv[] = {"sh", "-c", (char *)cases[i].script, NULL};
        size_t size = i == 2 ? 8 : sizeof output;
        int status = proc_capture(argv, output, size, 20000, &err);
        assert_int_equal(WEXITSTATUS(status), cases[i].status);
        assert_string_equal(output, cases[i].output);
    }
}

static void a_program_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct err err;
    char output[16];
    char *argv[] = {"no-such-program-here", NULL};
    assert_int_equal(proc_capture(argv, output, sizeof output, 20000, &err), -1);
    assert_string_equal(err.text, "no-such-program-here: No such file or directory");
}

static void a_wait_has_a_deadline(void **state)
{
    (void)state;
    bool killed;
    struct proc proc = start(sleeper, -1);
    assert_int_equal(proc_wait(&proc, 1), PROC_TIMEOUT);
    int status = proc_stop(&proc, 20000, &killed);
    assert_false(killed);
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_int_equal(proc.pid, 0);
}

static void capture_has_a_deadline(void **state)
{
    (void)state;
    struct err err;
    char output[16];
    assert_int_equal(proc_capture(sleeper, output, sizeof output, 1, &err), -1);
    assert_string_equal(err.text, "sleep: still running after 1 ms");
}

/* One that ignores SIGTERM is killed, and its children with it: the pipe that they all hold
 * comes to its end. */
static void the_stubborn_and_their_children_are_killed(void **state)
{
    (void)state;
    int ends[2];
    char byte;
    bool killed;
    assert_int_equal(pipe(ends), 0);
    struct proc proc = start(stubborn, ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1); /* the trap is set */
    int status = proc_stop(&proc, 1, &killed);
    assert_true(killed);
    assert_int_equal(WTERMSIG(status), SIGKILL);
    char rest[16];
    while (read(ends[0], rest, sizeof rest) > 0)
        ;
    close(ends[0]);
}

static void the_end_is_an_event_and_usage_is_counted(void **state)
{
    (void)state;
    struct rusage usage;
    char *argv[] = {"true", NULL};
    struct proc proc = start(argv, -1);
    assert_int_equal(proc_wait(&proc, 20000), PROC_ENDED);
    assert_int_equal(proc_reap(&proc, &usage), 0);
    assert_true(usage.ru_maxrss > 0);
}

static void a_child_has_the_pad_and_the_cpu(void **state)
{
    (void)state;
    int ends[2];
    char text[16] = "";
    char *argv[] = {"sh", "-c", "printf %s ${#ABACUS_PAD}$ONE$TWO", NULL};
    struct err err;
    struct proc proc;
    assert_int_equal(pipe(ends), 0);
    struct proc_options options = {.argv = argv,
                                   .input = -1,
                                   .output = ends[1],
                                   .error = -1,
                                   .cpu = -1,
                                   .environment = "ONE=a  TWO=b=c",
                                   .env_pad = 123};
    assert_int_equal(proc_start(&proc, &options, &err), 0);
    close(ends[1]);
    assert_int_equal(read(ends[0], text, sizeof text - 1), 7);
    assert_string_equal(text, "123ab=c");
    close(ends[0]);
    assert_int_equal(proc_wait(&proc, 20000), PROC_ENDED);
    proc_reap(&proc, NULL);
}

/* The signals that a program can set, as /proc shows them. The C library keeps two for itself,
 * and its posix_spawn, by which make starts this test, leaves them ignored for good. */
static unsigned long long settable(void)
{
    unsigned long long signals = 0;
    struct sigaction action;
    for (int number = 1; number < NSIG; number++)
        if (sigaction(number, NULL, &action) == 0)
            signals |= 1ULL << (number - 1);
    return signals;
}

/* Whatever the caller ignores, blocks or has open. */
static void a_child_starts_afresh(void **state)
{
    (void)state;
    static char script[] = "grep -E 'Sig(Blk|Ign)' /proc/self/status;"
                           "[ ! -e /proc/self/fd/9 ] || echo 'descriptor 9'";
    char *argv[] = {"sh", "-c", script, NULL};
    char output[128];
    unsigned long long still_blocked, still_ignored;
    int end = 0;
    struct err err;
    sigset_t blocked, usual;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    assert_int_equal(dup2(STDERR_FILENO, 9), 9);
    assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, &usual), 0);
    signal(SIGINT, SIG_IGN);
    int status = proc_capture(argv, output, sizeof output, 20000, &err);
    signal(SIGINT, SIG_DFL);
    assert_int_equal(sigprocmask(SIG_SETMASK, &usual, NULL), 0);
    close(9);
    assert_int_equal(status, 0);
    assert_int_equal(sscanf(output, "SigBlk: %llx SigIgn: %llx %n", &still_blocked,
                            &still_ignored, &end),
                     2);
    assert_int_equal(still_blocked & settable(), 0);
    assert_int_equal(still_ignored & settable(), 0);
    assert_string_equal(output + end, "");
}

static void an_end_that_was_lost_is_an_error(void **state)
{
    (void)state;
    struct rusage usage;
    memset(&usage, 0x55, sizeof usage);
    struct proc proc = start(sleeper, -1);
    signal(SIGCHLD, SIG_IGN);
    kill(proc.pid, SIGKILL);
    assert_int_equal(proc_wait(&proc, 20000), PROC_ENDED);
    int status = proc_reap(&proc, &usage);
    signal(SIGCHLD, SIG_DFL);
    assert_int_equal(status, -1);
    assert_int_equal(usage.ru_utime.tv_sec, 0);
    assert_string_equal(proc_status_text(status), "an end of which nothing is known");
}

/* Its parent ends at once, and its session is its own. */
static void an_orphan_is_found_and_ended(void **state)
{
    (void)state;
    char *argv[] = {"sh", "-c", "setsid sleep 60 >&- 2>&- & exit 0", NULL};
    family_end(20000); /* what other tests have left */
    struct proc proc = start(argv, -1);
    assert_int_equal(proc_wait(&proc, 20000), PROC_ENDED);
    struct relative *family;
    assert_int_equal(family_find(proc.pid, &family), 2);
    pid_t orphan = family[family[0].pid == proc.pid].pid;
    free(family);
    assert_int_equal(proc_reap(&proc, NULL), 0);
    assert_int_equal(kill(orphan, 0), 0);
    assert_int_equal(family_end(20000), 0);
    assert_int_equal(kill(orphan, 0), -1);
}

/* While another process is waited for: what forks twice must not use up all process ids. */
static void an_orphan_that_ends_is_waited_for(void **state)
{
    (void)state;
    int ends[2];
    char text[16] = "";
    bool killed;
    assert_int_equal(pipe(ends), 0);
    char *argv[] = {"sh", "-c", "sh -c 'exec >&- true & echo $!'; exec >&- sleep 60",
                    NULL};
    struct proc proc = start(argv, ends[1]);
    close(ends[1]);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    close(ends[0]);
    pid_t orphan = (pid_t)strtol(text, NULL, 10);
    double deadline = clock_now() + 20;
    while (kill(orphan, 0) == 0 && clock_now() < deadline)
        proc_wait(&proc, 1);
    assert_int_equal(kill(orphan, 0), -1);
    proc_stop(&proc, 20000, &killed);
}

static void a_status_has_words(void **state)
{
    (void)state;
    assert_string_equal(proc_status_text(3 << 8), "exit status 3");
    assert_string_equal(proc_status_text(SIGSEGV),
                        "killed by signal 11 (Segmentation fault)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_status_are_captured),
        cmocka_unit_test(a_program_that_is_not_there_is_named),
        cmocka_unit_test(a_wait_has_a_deadline),
        cmocka_unit_test(capture_has_a_deadline),
        cmocka_unit_test(the_stubborn_and_their_children_are_killed),
        cmocka_unit_test(the_end_is_an_event_and_usage_is_counted),
        cmocka_unit_test(a_child_has_the_pad_and_the_cpu),
        cmocka_unit_test(a_child_starts_afresh),
        cmocka_unit_test(an_end_that_was_lost_is_an_error),
        cmocka_unit_test(an_orphan_is_found_and_ended),
        cmocka_unit_test(an_orphan_that_ends_is_waited_for),
        cmocka_unit_test(a_status_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
