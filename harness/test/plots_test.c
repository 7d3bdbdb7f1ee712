/* plots_test.c - the plots' data against golden files, and the pictures made from it.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "sample.h"

#include "report/plots.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static const char SCRIPTS[] = "plots";

/* Six servers; one fails under one load, one everywhere, one has a name for trouble. */
static void make_six(struct run *run)
{
    struct sample_server servers[6];
    memcpy(servers, sample_six, sizeof servers);
    servers[3].name = "it's \"100% #1\" {/*10 x_y}";
    sample_run(run, servers, 6, 2);
    for (int round = 1; round <= 2; round++) {
        sample_fail(run, "epoll", "c50", round, "ab printed nothing");
        for (size_t l = 0; l < run->suite.load_count; l++)
            sample_fail(run, "libuv", run->suite.loads[l].name, round, "it died");
    }
}

static void make_one(struct run *run)
{
    sample_run(run, sample_six, 1, 1);
}

static void make_thirteen(struct run *run)
{
    static char names[13][32];
    struct sample_server servers[13];
    for (size_t i = 0; i < 13; i++) {
        servers[i] = sample_six[i % 6];
        snprintf(names[i], sizeof names[i], "%s-number-%zu%s", sample_six[i % 6].name,
                 i + 1, i % 3 ? "" : "-of-thirteen");
        servers[i].name = names[i];
        servers[i].rate *= 1 - 0.03 * (double)i;
    }
    sample_run(run, servers, 13, 6);
}

static void make_failed(struct run *run)
{
    sample_run(run, sample_six, 1, 1);
    for (size_t l = 0; l < run->suite.load_count; l++)
        sample_fail(run, "fork", run->suite.loads[l].name, 1, "it died");
}

/* A tool that knows the median and the longest request only. */
static void make_few(struct run *run)
{
    sample_run(run, sample_six, 2, 1);
    for (size_t i = 0; i < run->trial_count; i++)
        for (int p = 51; p < 100; p++)
            run->trials[i].result.percentile_ms[p] = NAN;
}

static const struct {
    const char *name;
    void (*make)(struct run *run);
} runs[] = {
    {"six", make_six},           {"one", make_one},
    {"thirteen", make_thirteen}, {"few percentiles", make_few},
    {"all failed", make_failed},
};

static void data_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    make_six(&run);
    summary_make(&summary, &run);
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        char *name = alloc_format("%s.dat", plots[i].name), *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        plots[i].write(out, &summary);
        assert_int_equal(fclose(out), 0);
        golden_check(name, text);
        free(text);
        free(name);
    }
    summary_free(&summary);
    run_free(&run);
}

/* The size of DIRECTORY/plots/NAME.EXTENSION, which is removed; -1 if there is none. */
static long take_file(const char *directory, const char *name, const char *extension)
{
    struct stat status;
    char *path = alloc_format("%s/plots/%s.%s", directory, name, extension);
    long size = stat(path, &status) < 0 ? -1 : status.st_size;
    if (!getenv("KEEP_PLOTS"))
        unlink(path);
    free(path);
    return size;
}

static void remove_directory(const char *directory)
{
    char *folder = alloc_format("%s/plots", directory);
    if (!getenv("KEEP_PLOTS")) {
        assert_int_equal(rmdir(folder), 0);
        assert_int_equal(rmdir(directory), 0);
    }
    free(folder);
}

static int render(void (*make)(struct run *run), const char *directory, struct err *err)
{
    struct run run;
    struct summary summary;
    make(&run);
    summary_make(&summary, &run);
    int failed = plots_render(directory, SCRIPTS, &summary, err);
    summary_free(&summary);
    run_free(&run);
    return failed;
}

/* gnuplot says nothing, and every picture is there: plots_render fails on any word. */
static void pictures_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char directory[] = "/tmp/abacus-plots-XXXXXX";
        struct err err = {""};
        assert_non_null(mkdtemp(directory));
        if (render(runs[i].make, directory, &err) < 0)
            fail_msg("%s: %s", runs[i].name, err.text);
        for (size_t p = 0; p < PLOT_COUNT; p++) {
            assert_true(take_file(directory, plots[p].name, "dat") > 0);
            assert_true(take_file(directory, plots[p].name, "svg") > 1000);
            assert_true(take_file(directory, plots[p].name, "png") > 1000);
        }
        remove_directory(directory);
    }
}

/* Without gnuplot the data is written all the same, and the reason names the package. */
static void no_gnuplot_test(void **state)
{
    (void)state;
    char directory[] = "/tmp/abacus-plots-XXXXXX";
    struct err err = {""};
    char *path = alloc_copy(getenv("PATH"));
    assert_non_null(mkdtemp(directory));
    assert_int_equal(setenv("PATH", directory, 1), 0);
    int failed = render(make_one, directory, &err);
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);

    assert_int_equal(failed, -1);
    assert_non_null(strstr(err.text, "gnuplot-nox"));
    for (size_t p = 0; p < PLOT_COUNT; p++) {
        assert_true(take_file(directory, plots[p].name, "dat") > 0);
        assert_int_equal(take_file(directory, plots[p].name, "svg"), -1);
    }
    remove_directory(directory);
}

static void no_folder_test(void **state)
{
    (void)state;
    struct err err = {""};
    assert_int_equal(render(make_one, "/nonexistent", &err), -1);
    assert_string_equal(err.text,
                        "/nonexistent/plots: cannot make: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_test),
        cmocka_unit_test(pictures_test),
        cmocka_unit_test(no_gnuplot_test),
        cmocka_unit_test(no_folder_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
