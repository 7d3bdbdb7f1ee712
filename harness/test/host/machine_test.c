/* machine_test.c - the test environment: complete, and true where another source can tell.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

struct machine {
    struct fact *facts;
    size_t count;
    char build[32];
};

static void flags_write(const char *build, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/flags", build);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    static struct machine machine;
    machine = (struct machine){.build = "/tmp/machine_test.XXXXXX"};
    *state = &machine;
    return mkdtemp(machine.build) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct machine *machine = *state;
    char path[64];
    snprintf(path, sizeof path, "%s/flags", machine->build);
    unlink(path);
    for (size_t i = 0; i < machine->count; i++) {
        free(machine->facts[i].name);
        free(machine->facts[i].value);
    }
    free(machine->facts);
    return rmdir(machine->build);
}

static const char *value(const struct machine *machine, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < machine->count; i++) {
        if (strcmp(machine->facts[i].name, name) != 0)
            continue;
        assert_null(found);
        found = machine->facts[i].value;
    }
    assert_non_null(found);
    return found;
}

static void names_every_fact_once(void **state)
{
    static const char *const names[] = {
        "CPU",
        "cores",
        "SMT",
        "governor",
        "hypervisor",
        "memory",
        "OS",
        "kernel",
        "libc",
        "compiler",
        "compiler flags",
        "clock source",
        "load average",
        "net.core.somaxconn",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_max_syn_backlog",
        "net.ipv4.tcp_syn_linear_timeouts",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_tw_reuse",
    };
    struct machine *machine = *state;
    machine_describe(&machine->facts, &machine->count, machine->build);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_not_equal(value(machine, names[i]), "");
    for (size_t i = 0; i < machine->count; i++)
        assert_null(strpbrk(machine->facts[i].value, "\n\t\""));
}

static void agrees_with_the_kernel(void **state)
{
    struct machine *machine = *state;
    machine_describe(&machine->facts, &machine->count, machine->build);

    struct utsname system;
    char expected[256];
    assert_int_equal(uname(&system), 0);
    snprintf(expected, sizeof expected, "Linux %s %s", system.release, system.machine);
    assert_string_equal(value(machine, "kernel"), expected);

    FILE *file = fopen("/proc/sys/net/core/somaxconn", "r");
    assert_non_null(file);
    assert_non_null(fgets(expected, sizeof expected, file));
    fclose(file);
    expected[strcspn(expected, "\n")] = '\0';
    assert_string_equal(value(machine, "net.core.somaxconn"), expected);

    snprintf(expected, sizeof expected, "%ld online", sysconf(_SC_NPROCESSORS_ONLN));
    assert_int_equal(strncmp(value(machine, "cores"), expected, strlen(expected)), 0);
}

static void repeats_what_make_left(void **state)
{
    struct machine *machine = *state;
    flags_write(machine->build, "cc 12.2.0\n-O2 -g\n");
    machine_describe(&machine->facts, &machine->count, machine->build);
    assert_string_equal(value(machine, "compiler"), "cc 12.2.0");
    assert_string_equal(value(machine, "compiler flags"), "-O2 -g");
}

static void invents_nothing(void **state)
{
    struct machine *machine = *state;
    machine_describe(&machine->facts, &machine->count, machine->build);
    assert_string_equal(value(machine, "compiler"), "unknown");
    assert_string_equal(value(machine, "compiler flags"), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_every_fact_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(agrees_with_the_kernel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(repeats_what_make_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(invents_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
