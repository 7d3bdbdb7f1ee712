/* phases_test.c - what strace and bpftrace said, the phases made of it, and Amdahl's law.
 * SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "profile/profile.h"
#include "profile/trace.h"

#include <math.h>
#include <sys/syscall.h>

static const struct tally_row *find(const struct tally *calls, const char *name)
{
    return tally_find(calls, (const char *const[TALLY_NAMES]){name, "", ""});
}

static void test_strace(void **state)
{
    (void)state;
    struct tally calls = {0};
    struct err err;
    assert_int_equal(
        strace_read_summary(&calls, "harness/test/fixtures/strace/fork.txt", &err), 0);
    assert_true(tally_sum(&calls, CALL_COUNT) == 1201);
    const struct tally_row *call = find(&calls, "wait4");
    assert_non_null(call);
    assert_true(call->counts[CALL_COUNT] == 200);
    assert_null(find(&calls, "total"));
    assert_null(find(&calls, "execve"));
    tally_free(&calls);
}

static void test_strace_broken(void **state)
{
    (void)state;
    size_t size;
    char *text = fixture_read("strace", "fork", "txt", &size);
    for (size_t i = 0; i < size; i++) {
        struct tally calls = {0};
        struct err err;
        char path[64];
        scratch_write(path, text, i);
        assert_int_equal(strace_read_summary(&calls, path, &err), -1);
        unlink(path);
        tally_free(&calls);
    }
    free(text);
}

/* Each line of a log counts a call that it names, or none. */
static void test_strace_log(void **state)
{
    (void)state;
    static const struct {
        const char *log, *call;
        double count;
    } cases[] = {
        {"12 read(0x5) = 0x52\n", "read", 1},
        {"1234567  read(0x5) = -1 (errno 11)\n", "read", 1},
        {"12 accept4(0x3 <unfinished ...>\n13 close(0x3) = 0\n"
         "12 <... accept4 resumed>) = 0x5\n",
         "accept4", 1},
        {"12 accept4(0x3) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)\n"
         "12 rt_sigreturn() = 0x2b\n12 accept4(0x3) = 0x5\n",
         "accept4", 1},
        {"12 accept4(0x3 <unfinished ...>\n"
         "12 <... accept4 resumed>) = ? ERESTARTSYS (To be restarted)\n"
         "12 accept4(0x3 <detached ...>\n",
         "accept4", 1},
        {"12 accept4(0x3) = -1 ERESTARTSYS (Unknown error 512)\n", "accept4", 0},
        {"12 exit_group(0) = ?\n", "exit_group", 1},
        {"12 --- SIGCHLD {si_signo=SIGCHLD} ---\n", NULL, 0},
        {"12 +++ exited with 0 +++\n", NULL, 0},
        {"", NULL, 0},
        {"12 read", NULL, 0},
        {"<... ", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tally calls = {0};
        struct err err;
        char path[64];
        scratch_write(path, cases[i].log, strlen(cases[i].log));
        assert_int_equal(strace_read_log(&calls, path, &err), 0);
        unlink(path);
        const struct tally_row *call = cases[i].call ? find(&calls, cases[i].call) : NULL;
        assert_true((call ? call->counts[CALL_COUNT] : (double)calls.count) ==
                    cases[i].count);
        tally_free(&calls);
    }
}

static double sum_of(const struct trace *trace, enum trace_kind kind, int call)
{
    double sum = 0;
    for (size_t i = 0; i < trace->count; i++)
        if (trace->list[i].kind == kind && trace->list[i].call == call)
            sum += trace->list[i].value;
    return sum;
}

static void test_trace(void **state)
{
    (void)state;
    struct trace trace = {0};
    struct err err;
    assert_int_equal(trace_read(&trace, "harness/test/fixtures/bpftrace/fork.txt", &err),
                     0);
    /* Captured under 20,000 requests; ab opens some connections more. */
    assert_true(sum_of(&trace, TRACE_COUNT, SYS_sendto) == 20000);
    assert_in_range((long)sum_of(&trace, TRACE_COUNT, SYS_exit_group), 20000, 20100);
    assert_true(sum_of(&trace, TRACE_KERNEL, SYS_exit_group) > 0);
    assert_true(sum_of(&trace, TRACE_DELAY, -1) > 0);
    trace_free(&trace);
}

static void test_trace_broken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "ERROR: bpftrace currently only supports running as the root user.\n",
        "{\"type\": \"attached_probes\", \"data\": {\"probes\": 6}}\n",
        "{\"type\": \"map\", \"data\": {\"@kernel\": {\"0,1\": 12",
        "{\"type\": \"map\", \"data\": {\"@kernel\": {\"x\": 12}}}\n",
        "{\"type\": \"map\", \"data\": {\"@kernel\": {\"0,1\": \"12\"}}}\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct trace trace = {0};
        struct err err;
        char path[64];
        scratch_write(path, texts[i], strlen(texts[i]));
        assert_int_equal(trace_read(&trace, path, &err), -1);
        unlink(path);
        trace_free(&trace);
    }
}

static void test_phases(void **state)
{
    (void)state;
    static const struct {
        int before, call;
        bool failed;
        enum phase user, kernel;
    } cases[] = {
        {SYS_epoll_pwait, SYS_accept4, false, PHASE_ACCEPT, PHASE_ACCEPT},
        {SYS_accept4, SYS_recvfrom, false, PHASE_READ, PHASE_READ},
        {SYS_recvfrom, SYS_sendto, false, PHASE_HANDLER, PHASE_WRITE},
        {SYS_recvfrom, SYS_epoll_ctl, true, PHASE_ACCEPT, PHASE_ACCEPT},
        {SYS_recvfrom, SYS_epoll_ctl, false, PHASE_HANDLER, PHASE_ACCEPT},
        {SYS_sendto, SYS_sendto, false, PHASE_WRITE, PHASE_BODY},
        {SYS_sendto, SYS_sendto, true, PHASE_WRITE, PHASE_WRITE},
        {SYS_sendto, SYS_close, false, PHASE_CLOSE, PHASE_CLOSE},
        {SYS_recvfrom, SYS_close, true, PHASE_CLOSE, PHASE_CLOSE},
        {SYS_accept4, SYS_clone, false, PHASE_CHILD, PHASE_CHILD},
        {SYS_close, SYS_exit_group, false, PHASE_CHILD, PHASE_CHILD},
        {SYS_write, SYS_mmap, false, PHASE_OTHER, PHASE_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(phase_of_user(cases[i].before, cases[i].failed, cases[i].call),
                         cases[i].user);
        assert_int_equal(phase_of_kernel(cases[i].before, cases[i].failed, cases[i].call),
                         cases[i].kernel);
    }
    assert_int_equal(phase_of_name("sendto"), PHASE_WRITE);
    assert_int_equal(phase_of_name("nosuch"), PHASE_OTHER);
}

/* The article's own two sums: its 67 %, and its 15 %, which it rounds down from 23 + 3 %. */
static void test_whatif(void **state)
{
    (void)state;
    static const struct {
        double share, faster, gain;
    } cases[] = {{0.5, 5, 1.667}, {0.26, 2, 1.149}, {0, 2, 1}, {1, 2, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(fabs(whatif_gain(cases[i].share, cases[i].faster) - cases[i].gain) <
                    0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strace),       cmocka_unit_test(test_strace_broken),
        cmocka_unit_test(test_strace_log),   cmocka_unit_test(test_trace),
        cmocka_unit_test(test_trace_broken), cmocka_unit_test(test_phases),
        cmocka_unit_test(test_whatif),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
