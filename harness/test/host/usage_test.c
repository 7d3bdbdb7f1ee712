/* usage_test.c - what a process has had of its CPU, all its threads together.
 * SPDX-License-Identifier: MIT */
#include "host/usage.h"

#include "host/counters.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* How much CPU time each of two threads uses, s. */
static const double WORK_S = 0.2;

static void *work(void *data)
{
    struct timespec used;
    do
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    while ((double)used.tv_sec + (double)used.tv_nsec / 1e9 < WORK_S);
    return data;
}

/* Two threads at work on one CPU, while the main thread waits; then it says so, and goes on. */
static void two_threads_run(int done)
{
    cpu_set_t set;
    pthread_t threads[2];
    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    if (sched_setaffinity(0, sizeof set, &set) < 0)
        _exit(1);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    close(done);
    pause();
}

/* wrk and h2load work in a second thread, which takes its figures along when it ends. */
static void threads_wait_for_each_other(void **state)
{
    (void)state;
    int ends[2];
    char byte;
    struct threads threads = {0};
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0)
        two_threads_run(ends[1]);
    assert_true(pid > 0);
    alarm(60);
    close(ends[1]);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    while (read(ends[0], &byte, 1) < 0) {
        usage_threads_read(&threads, pid);
        usleep(1000);
    }
    usage_threads_read(&threads, pid);
    double one = usage_turns(pid).delay_s;
    double all = usage_threads_delay_s(&threads);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(threads.count, 3);
    if (!isnan(one) && !(all - one > WORK_S / 2))
        fail_msg("%g s in all threads, %g s in the first", all, one);
    usage_threads_free(&threads);
    close(ends[0]);
}

static void a_process_that_is_gone_has_no_figure(void **state)
{
    (void)state;
    struct threads threads = {0};
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    usage_threads_read(&threads, pid);
    assert_true(isnan(usage_threads_delay_s(&threads)));
}

/* A process that is at work on this one's CPU until it is ended. */
static pid_t start_hog(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    assert_int_equal(sched_setaffinity(0, sizeof set, &set), 0);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(60);
        for (;;)
            ;
    }
    return pid;
}

/* One who loses the CPU between two clocks must not take one of them for set. */
static void clocks_are_read_at_once(void **state)
{
    (void)state;
    enum { READINGS = 300 };
    cpu_set_t before;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    pid_t hog = start_hog();
    assert_true(hog > 0);
    double furthest = 0;
    struct counters first;
    counters_read_brief(&first);
    for (int i = 0; i < READINGS; i++) {
        struct counters next;
        counters_read_brief(&next);
        struct counters change = counters_difference(&next, &first);
        furthest = fmax(furthest, fabs(change.realtime_s - change.monotonic_s));
    }
    kill(hog, SIGKILL);
    assert_int_equal(waitpid(hog, NULL, 0), hog);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    if (furthest > 0.001)
        fail_msg("%.6f s apart", furthest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_wait_for_each_other),
        cmocka_unit_test(a_process_that_is_gone_has_no_figure),
        cmocka_unit_test(clocks_are_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
