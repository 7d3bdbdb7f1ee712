/* names_test.c - what users and hosts call things: files to write, folders, words for a shell.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/outfile.h"
#include "base/quote.h"
#include "measure/folder.h"

#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

static int enter_folder(void **state)
{
    char *folder = alloc_copy("/tmp/names-XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    char *command = alloc_format("rm -rf '%s'", (char *)*state);
    int failed = chdir("/") < 0 || system(command) != 0;
    free(command);
    free(*state);
    return failed;
}

static mode_t kind_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & S_IFMT;
}

static void write_new(const char *name)
{
    struct err err;
    struct outfile file;
    assert_int_equal(outfile_open(&file, ".", name, &err), 0);
    assert_true(fputs("new", file.stream) >= 0);
    assert_int_equal(outfile_close(&file, &err), 0);
}

static void assert_holds(const char *name, const char *expected)
{
    char text[16] = "";
    int fd = open(name, O_RDONLY | O_NONBLOCK);
    assert_true(fd >= 0);
    assert_true(read(fd, text, sizeof text - 1) >= 0);
    assert_string_equal(text, expected);
    close(fd);
}

static void a_file_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(close(open("file", O_WRONLY | O_CREAT, 0644)), 0);
    assert_int_equal(link("file", "before"), 0);
    write_new("file");
    assert_holds("file", "new");
    assert_holds("before", "");
    assert_int_equal(access("file.partial", F_OK), -1);
}

static void a_link_is_followed(void **state)
{
    (void)state;
    assert_int_equal(symlink("target", "link"), 0); /* there is no target yet */
    for (int times = 0; times < 2; times++) {
        write_new("link");
        assert_int_equal(kind_of("link"), S_IFLNK);
        assert_holds("target", "new");
    }
}

static void a_pipe_is_written_through(void **state)
{
    (void)state;
    char text[8] = "";
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int fd = open("pipe", O_RDWR);
    write_new("pipe");
    assert_int_equal(kind_of("pipe"), S_IFIFO);
    assert_int_equal(read(fd, text, sizeof text - 1), 3);
    close(fd);
}

/* One like /dev/null. */
static void a_device_is_written_through(void **state)
{
    (void)state;
    if (mknod("device", S_IFCHR | 0600, makedev(1, 3)) < 0 || access("device", W_OK) < 0)
        skip();
    write_new("device");
    assert_int_equal(kind_of("device"), S_IFCHR);
}

static void what_a_shell_reads(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *quoted;
    } cases[] = {
        {"results/20261126T004500Z-host", "results/20261126T004500Z-host"},
        {"", "''"},
        {"my run", "'my run'"},
        {"it's", "'it'\\''s'"},
        {"é", "'é'"},
        {"a\033[31m'\n", "$'a\\033[31m\\047\\012'"},
        {"\xff", "$'\\377'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *quoted = quote_shell(cases[i].word);
        assert_string_equal(quoted, cases[i].quoted);
        free(quoted);
    }
}

/* What is no link is somebody's. */
static void latest_is_replaced_if_it_is_a_link(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(mkdir("kept", 0700), 0);
    assert_int_equal(close(open("kept/latest", O_WRONLY | O_CREAT, 0644)), 0);
    char *folder = folder_create("kept", NULL, &err);
    assert_non_null(folder);
    folder_point_latest("kept", folder);
    assert_int_equal(kind_of("kept/latest"), S_IFREG);
    free(folder);
}

static void a_host_may_have_any_name(void **state)
{
    (void)state;
    struct err err;
    static const char name[] = "a/b \033[31m.c_d-e";
    if (unshare(CLONE_NEWUTS) < 0 || sethostname(name, strlen(name)) < 0)
        skip();
    char *folder = folder_create("results", NULL, &err);
    assert_non_null(folder);
    assert_string_equal(strchr(folder, '-'), "-a-b---31m.c_d-e");
    assert_int_equal(access("results/latest", F_OK), -1); /* for a run to ask for */
    folder_point_latest("results", folder);
    assert_int_equal(kind_of("results/latest"), S_IFLNK);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced),
        cmocka_unit_test(a_link_is_followed),
        cmocka_unit_test(a_pipe_is_written_through),
        cmocka_unit_test(a_device_is_written_through),
        cmocka_unit_test(what_a_shell_reads),
        cmocka_unit_test(latest_is_replaced_if_it_is_a_link),
        cmocka_unit_test(a_host_may_have_any_name),
    };
    return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}
