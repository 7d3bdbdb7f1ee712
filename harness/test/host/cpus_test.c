/* cpus_test.c - which CPUs a server gets, on machines that are not this one.
 * SPDX-License-Identifier: MIT */
#include "host/cpus.h"

#include "host/cgroup.h"
#include "host/proc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct {
    const char *name;
    int cores[8];   /* by CPU; -1: not to be used, or not there */
    int speeds[8];  /* 0: not known */
    const char *as; /* what the file of the speed is called */
    int server, client;
    bool shared;
    unsigned all; /* a bit for each CPU */
} cases[] = {
    {"nothing", {-1, -1, -1, -1, -1, -1, -1, -1}, {0}, "", -1, -1, true, 0},
    {"one core", {0, -1, -1, -1, -1, -1, -1, -1}, {0}, "", 0, 0, true, 0x01},
    {"two threads of one core",
     {0, 0, -1, -1, -1, -1, -1, -1},
     {0},
     "",
     1,
     1,
     true,
     0x02},
    {"two cores", {0, 1, -1, -1, -1, -1, -1, -1}, {0}, "", 1, 0, false, 0x02},
    {"four cores", {0, 1, 2, 3, -1, -1, -1, -1}, {0}, "", 3, 2, false, 0x0b},
    {"four cores of two threads", {0, 1, 2, 3, 0, 1, 2, 3}, {0}, "", 7, 6, false, 0x83},
    {"threads side by side", {0, 0, 2, 2, 4, 4, 6, 6}, {0}, "", 7, 5, false, 0x85},
    {"some not allowed", {-1, 1, -1, 3, -1, 5, -1, -1}, {0}, "", 5, 3, false, 0x22},
    {"efficiency cores last",
     {0, 0, 2, 2, 4, 5, 6, 7},
     {5200000, 5200000, 5000000, 5000000, 3800000, 3800000, 3800000, 3800000},
     "cpufreq/cpuinfo_max_freq",
     3,
     1,
     false,
     0x08},
    {"one fast, three equal, four slow",
     {0, 1, 2, 3, 4, 5, 6, 7},
     {300, 300, 300, 300, 800, 800, 800, 1024},
     "cpu_capacity",
     6,
     5,
     false,
     0x50},
    {"two unlike",
     {0, 1, -1, -1, -1, -1, -1, -1},
     {1024, 300},
     "cpu_capacity",
     0,
     1,
     false,
     0x01},
};

/* What the kernel's folders would say. */
static char folder[] = "/tmp/cpus_test.XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    char output[256];
    struct err err;
    char *argv[] = {"rm", "-r", folder, NULL};
    (void)state;
    return proc_capture(argv, output, sizeof output, 10000, &err);
}

/* A file "A/B/C" below the folder; "" is none. */
static void file_write(const char *name, const char *text)
{
    char path[128];
    int used = snprintf(path, sizeof path, "%s/", folder);
    for (; *name; name++) {
        if (*name == '/')
            mkdir(path, 0755);
        path[used++] = *name;
        path[used] = '\0';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void number_write(int cpu, const char *name, int number)
{
    char path[64];
    char text[16];
    snprintf(path, sizeof path, "cpu%d/%s", cpu, name);
    snprintf(text, sizeof text, "%d", number);
    file_write(path, text);
}

static cpu_set_t machine_write(const int *cores, const int *speeds, const char *as)
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    for (int cpu = 0; cpu < 8; cpu++) {
        if (cores[cpu] >= 0)
            CPU_SET(cpu, &allowed);
        number_write(cpu, "topology/thread_siblings_list", cores[cpu]);
        if (*as)
            number_write(cpu, as, speeds[cpu]);
    }
    return allowed;
}

static void splits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].name);
        cpu_set_t allowed = machine_write(cases[i].cores, cases[i].speeds, cases[i].as);
        struct cpus cpus = cpus_choose_of(&allowed, folder);
        assert_int_equal(cpus.server, cases[i].server);
        assert_int_equal(cpus.client, cases[i].client);
        assert_int_equal(cpus.shared, cases[i].shared);
        for (int cpu = 0; cases[i].all && cpu < 8; cpu++)
            assert_int_equal(!!CPU_ISSET(cpu, &cpus.all), cases[i].all >> cpu & 1);
    }
}

/* Each of several load tools has a core of its own, while there are some beside the server's; a
 * server with a loop on each core has those that are left. */
static void load_tools_have_cores(void **state)
{
    (void)state;
    static const int four[8] = {0, 1, 2, 3, -1, -1, -1, -1};
    static const int threads[8] = {0, 1, 0, 1, -1, -1, -1, -1};
    static const int unknown[8] = {0};
    cpu_set_t allowed = machine_write(four, unknown, "");
    struct cpus cpus = cpus_choose_of(&allowed, folder);
    assert_int_equal(cpus_client_count(&cpus), 3);
    static const int order[] = {2, 1, 0, 2, 1};
    for (int i = 0; i < 5; i++)
        assert_int_equal(cpus_client(&cpus, i), order[i]);
    cpu_set_t left = cpus_for_server(&cpus, 2);
    assert_int_equal(CPU_COUNT(&left), 2);
    assert_true(CPU_ISSET(0, &left) && CPU_ISSET(3, &left));
    left = cpus_for_server(&cpus, 9);
    assert_int_equal(CPU_COUNT(&left), 1);
    assert_true(CPU_ISSET(3, &left));
    allowed = machine_write(threads, unknown, "");
    cpus = cpus_choose_of(&allowed, folder);
    assert_int_equal(cpus_client_count(&cpus), 1); /* two threads of each core */
    assert_int_equal(cpus_client(&cpus, 1), cpus.client);
    static const int one[8] = {0, -1, -1, -1, -1, -1, -1, -1};
    allowed = machine_write(one, unknown, "");
    cpus = cpus_choose_of(&allowed, folder);
    assert_int_equal(cpus_client_count(&cpus), 1);
    assert_int_equal(cpus_client(&cpus, 3), 0);
}

/* Of the CPUs that are used, which CPU 0 is not. */
static void governors_are_named(void **state)
{
    (void)state;
    char text[64];
    struct cpus cpus = {.server = 3, .client = 2};
    CPU_ZERO(&cpus.all);
    CPU_SET(3, &cpus.all);
    cpus_governors(text, sizeof text, &cpus, folder);
    assert_string_equal(text, "");
    file_write("cpu0/cpufreq/scaling_governor", "powersave\n");
    file_write("cpu2/cpufreq/scaling_governor", "performance\n");
    file_write("cpu3/cpufreq/scaling_governor", "performance\n");
    cpus_governors(text, sizeof text, &cpus, folder);
    assert_string_equal(text, "performance");
    file_write("cpu3/cpufreq/scaling_governor", "schedutil\n");
    cpus_governors(text, sizeof text, &cpus, folder);
    assert_string_equal(text, "performance, schedutil");
}

/* The least of all from the own cgroup to the root. */
static void the_quota_is_the_tightest_ancestors(void **state)
{
    (void)state;
    file_write("a/b/cpu.max", "max 100000\n");
    file_write("a/b/c/cpu.max", "300000 100000\n");
    assert_true(isinf(cgroup_quota_at(folder, "/a/b")));
    assert_true(cgroup_quota_at(folder, "/a/b/c") == 3);
    file_write("a/cpu.max", "150000 100000\n");
    assert_true(cgroup_quota_at(folder, "/a/b/c") == 1.5);
    assert_true(isinf(cgroup_quota_at(folder, "")));
    file_write("cpu.max", "50000 100000\n");
    assert_true(cgroup_quota_at(folder, "/a/b/c") == 0.5);
    assert_true(cgroup_quota_at(folder, "") == 0.5);
}

/* Each is stopped for its own quota, so the times add up. */
static void the_ancestors_throttle_one_after_the_other(void **state)
{
    (void)state;
    file_write("d/e/cpu.stat", "usage_usec 7\nnr_throttled 3\nthrottled_usec 250000\n");
    file_write("d/cpu.stat", "usage_usec 9\nthrottled_usec 1000000\n");
    assert_true(cgroup_throttled_at(folder, "/d/e") == 1.25);
    assert_true(cgroup_throttled_at(folder, "/d") == 1);
    assert_true(cgroup_throttled_at(folder, "") == 0); /* the root has none */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_tools_have_cores), /* no CPU has a speed yet */
        cmocka_unit_test(splits),
        cmocka_unit_test(governors_are_named),
        cmocka_unit_test(the_quota_is_the_tightest_ancestors),
        cmocka_unit_test(the_ancestors_throttle_one_after_the_other),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
