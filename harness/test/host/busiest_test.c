/* busiest_test.c - which programs use the CPUs.
 * SPDX-License-Identifier: MIT */
#include "host/busiest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void most_comes_first(void **state)
{
    (void)state;
    struct usage before[] = {{1, "init", 9}, {7, "browser", 4}, {8, "make", 1}};
    struct usage after[] = {{1, "init", 9},
                            {7, "browser", 4.4},
                            {9, "browser", 0.2}, /* begun since */
                            {8, "make", 1.1},
                            {10, "idle", 0.01}};
    char *text =
        usages_busiest(&(struct usages){before, 3}, &(struct usages){after, 5}, 2, 3);
    assert_string_equal(text, "browser 30 %, make 5 %");
    free(text);
    text = usages_busiest(&(struct usages){before, 3}, &(struct usages){after, 5}, 2, 1);
    assert_string_equal(text, "browser 30 %");
    free(text);
    text = usages_busiest(&(struct usages){0}, &(struct usages){0}, 2, 3);
    assert_string_equal(text, "");
    free(text);
}

/* A name may hold blanks and brackets. The child works until it has used some ticks. */
static void a_busy_process_is_found(void **state)
{
    (void)state;
    struct usages before = usages_read(), after = {0};
    alarm(60);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_NAME, "a) R (busy");
        for (volatile unsigned long i = 0;; i++)
            ;
    }
    double cpu_s = 0;
    while (cpu_s < 0.05) {
        usages_free(&after);
        after = usages_read();
        for (size_t i = 0; i < after.count; i++)
            if (after.list[i].pid == child)
                cpu_s = after.list[i].cpu_s;
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    char *text = usages_busiest(&before, &after, 0.01, 1000);
    assert_non_null(strstr(text, "a) R (busy "));
    free(text);
    for (size_t i = 0; i < after.count; i++)
        assert_true(after.list[i].pid != getpid());
    usages_free(&before);
    usages_free(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_comes_first),
        cmocka_unit_test(a_busy_process_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
