/* burn_test.c - a known extra cost: paid for every connection accepted, and for nothing
 * else.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/burn.c" /* NOLINT(bugprone-suspicious-include): it has no interface but libc's */

#include <errno.h>
#include <netinet/in.h>
#include <time.h>

/* A listening socket that does not wait, on a port of its own; its address in *address.
 */
static int listen_anywhere(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)address, size), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, &size), 0);
    return fd;
}

static void set_burn(const char *steps)
{
    assert_int_equal(setenv("ABACUS_BURN_STEPS", steps, 1), 0);
    burn_init();
}

/* The client is there as soon as connect() has returned. */
static void accepted_test(void **state)
{
    (void)state;
    struct sockaddr_in address;
    set_burn("10000000");
    int server = listen_anywhere(&address);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);

    clock_t before = clock();
    int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
    assert_true(fd >= 0);
    /* No core makes two dependent steps in less than a nanosecond. */
    assert_true(clock() - before >= CLOCKS_PER_SEC / 200);
    close(fd);
    close(client);
    close(server);
}

/* An hour would be noticed: the alarm ends the test. */
static void nobody_test(void **state)
{
    (void)state;
    struct sockaddr_in address;
    set_burn("1000000000000000");
    int server = listen_anywhere(&address);
    alarm(60);
    assert_int_equal(accept4(server, NULL, NULL, SOCK_NONBLOCK), -1);
    assert_int_equal(errno, EAGAIN);
    alarm(0);
    close(server);
}

static void unset_test(void **state)
{
    (void)state;
    unsetenv("ABACUS_BURN_STEPS");
    burn_init();
    assert_true(burn_steps == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_test),
        cmocka_unit_test(nobody_test),
        cmocka_unit_test(unset_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
