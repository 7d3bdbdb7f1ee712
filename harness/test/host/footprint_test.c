/* footprint_test.c - memory as the kernel says it: made-up files, and processes of this machine.
 * SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "base/alloc.h"
#include "host/footprint.h"

#include <math.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[] = "/tmp/abacus-footprint-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    char *net = alloc_format("%s/net", mkdtemp(folder) ? folder : "");
    int failed = mkdir(net, 0700);
    free(net);
    return failed;
}

static int tear_down(void **state)
{
    static const char *const files[] = {"memory.stat", "meminfo", "net/sockstat",
                                        "smaps_rollup", "net"};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = alloc_format("%s/%s", folder, files[i]);
        remove(path);
        free(path);
    }
    return rmdir(folder);
}

/* The file's path, owned by the caller. */
static char *put(const char *name, const char *text)
{
    char *path = alloc_format("%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void a_process_counts_what_no_file_has(void **state)
{
    (void)state;
    char *path = put("smaps_rollup", "555-7ffd ---p 00000000 00:00 0    [rollup]\n"
                                     "Rss:    2000 kB\nPss:     700 kB\n"
                                     "Pss_Anon:  120 kB\nPss_File:  560 kB\n"
                                     "Pss_Shmem:  20 kB\nSwap: 9 kB\nSwapPss:  4 kB\n");
    assert_true(footprint_process_kb(path) == 144);
    free(path);
    path = put("smaps_rollup", "Rss: 2000 kB\n");
    assert_true(isnan(footprint_process_kb(path)));
    free(path);
}

static void a_cgroup_says_it_in_bytes(void **state)
{
    (void)state;
    struct footprint footprint = {0};
    assert_false(footprint_of_cgroup(&footprint, folder));
    free(put("memory.stat",
             "anon 1048576\nkernel_stack 16384\npagetables 8192\nsock 4096\n"
             "slab_reclaimable 1024\nslab_unreclaimable 2048\nslab 3072\n"));
    assert_true(footprint_of_cgroup(&footprint, folder));
    assert_false(footprint.of_machine);
    assert_true(footprint.kernel_kb[KERNEL_SOCK] == 4);
    assert_true(footprint.kernel_kb[KERNEL_SLAB] == 3);
    assert_true(footprint.kernel_kb[KERNEL_STACKS] == 16);
    assert_true(footprint.kernel_kb[KERNEL_PAGE_TABLES] == 8);
    assert_true(footprint_kernel_kb(&footprint) == 31);
    free(put("memory.stat", "anon 1048576\nsock 4096\n"));
    assert_false(footprint_of_cgroup(&footprint, folder));
}

static void a_machine_says_it_in_kilobytes_and_pages(void **state)
{
    (void)state;
    struct footprint footprint = {0};
    double page_kb = (double)sysconf(_SC_PAGESIZE) / 1024;
    footprint_of_machine(&footprint, folder);
    assert_true(isnan(footprint_kernel_kb(&footprint)));
    free(put("meminfo",
             "MemTotal: 4000000 kB\nSlab:  601588 kB\nSReclaimable: 546516 kB\n"
             "KernelStack:    1984 kB\nPageTables:     4104 kB\n"
             "SecPageTables:      7 kB\n"));
    free(put("net/sockstat", "sockets: used 15\n"
                             "TCP: inuse 4 orphan 50 tw 6412 alloc 105 mem 71\n"
                             "UDP: inuse 0 mem 3\n"));
    footprint_of_machine(&footprint, folder);
    assert_true(footprint.of_machine);
    assert_true(footprint.kernel_kb[KERNEL_SOCK] == 71 * page_kb);
    assert_true(footprint.kernel_kb[KERNEL_SLAB] == 601588);
    assert_true(footprint.kernel_kb[KERNEL_STACKS] == 1984);
    assert_true(footprint.kernel_kb[KERNEL_PAGE_TABLES] == 4104);
}

/* Much more than a sanitizer takes for itself. */
enum { SHARED_KB = 65536 };

/* Ends when `fd` does, or is asked to have a child of its own with the same memory, and waits. */
static void be_parent(int ready, int end)
{
    char *pages = mmap(NULL, SHARED_KB * 1024, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 1, SHARED_KB * 1024);
    pid_t child = fork();
    if (child != 0 && write(ready, "", 1) != 1)
        _exit(1);
    _exit(read(end, pages, 1) != 0);
}

/* What a parent and its child have in common is there once. */
static void shared_pages_are_counted_once(void **state)
{
    (void)state;
    int ready[2], end[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) {
        close(end[1]);
        be_parent(ready[1], end[0]);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    struct footprint footprint = footprint_read(parent, NULL);
    close(end[1]);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    assert_true(footprint.own_kb >= SHARED_KB);
    assert_true(footprint.own_kb < 1.5 * SHARED_KB);
    assert_true(footprint_kernel_kb(&footprint) > 0);
}

/* A server's children come and go: one may end between being found and being read. */
static void what_has_ended_has_nothing(void **state)
{
    (void)state;
    siginfo_t info;
    char path[64];
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(0);
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)child);
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    assert_true(footprint_process_kb(path) == 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(footprint_process_kb(path) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_counts_what_no_file_has),
        cmocka_unit_test(a_cgroup_says_it_in_bytes),
        cmocka_unit_test(a_machine_says_it_in_kilobytes_and_pages),
        cmocka_unit_test(shared_pages_are_counted_once),
        cmocka_unit_test(what_has_ended_has_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
