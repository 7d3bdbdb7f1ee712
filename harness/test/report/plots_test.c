/* plots_test.c - the plots' data against golden files, and the pictures made from it.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "knees.h"
#include "sample.h"

#include "base/outfile.h"
#include "report/plots.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static const char SCRIPTS[] = "plots";

/* Connections accepted, step by step: fewer in the middle, none in the tenth step of the
 * second round, and a last step that was cut off. */
static void add_accepts(struct run *run)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial *trial = &run->trials[i];
        double per_step = trial->result.requests_per_second / 10;
        trial->accept_count = (size_t)(trial->result.seconds * 10) + 1;
        trial->accepts = alloc_zeroed(trial->accept_count, sizeof *trial->accepts);
        for (size_t s = 0; s < trial->accept_count; s++)
            trial->accepts[s] = per_step * (s % 20 < 10 ? 1.05 : 0.95);
        if (trial->round == 2)
            trial->accepts[9] = 0;
        trial->accepts[trial->accept_count - 1] = per_step / 3;
    }
}

/* The longest requests of one server waited for the kernel's timer of a lost SYN. */
static void add_retries(struct run *run, const char *server, const char *load)
{
    for (int round = 1; round <= run->trials_each; round++) {
        struct trial *trial = sample_find(run, server, load, round);
        trial->result.percentile_ms[99] = 1012;
        trial->result.percentile_ms[100] = 3040;
        trial_add_remark(trial, "ladder", CONSEQUENCE_FLAG, 3000, 0);
    }
}

/* Six servers; one fails under one load, one everywhere, one has a name for trouble. */
static void make_six(struct run *run)
{
    struct sample_server servers[6];
    memcpy(servers, sample_six, sizeof servers);
    servers[3].name = "it's \"100% #1\" {/*10 x_y}";
    sample_run(run, servers, 6, 12);
    sample_control(run, &servers[2]);
    sample_keep_trials(run, 2);
    add_accepts(run);
    add_retries(run, "select", "c100");
    sample_fail_all(run, "epoll", "c50", "ab printed nothing");
    for (size_t l = 0; l < run->suite.load_count; l++)
        sample_fail_all(run, "libuv", run->suite.loads[l].name, "it died");
}

/* Of a load tool whose connections nobody counted. */
static void make_one(struct run *run)
{
    sample_run(run, sample_six, 1, 1);
}

static const char LONG_NAME[] =
    "a-server-whose-name-is-as-long-as-its-author-liked-and-then-some-more-until-nobody-"
    "would-want-to-read-it-in-a-table-let-alone-in-a-picture-but-here-it-is-all-the-same-"
    "and-it-must-not-push-anything-off-the-page";

/* As many as a picture must take, in pairs that are near each other. */
static void make_twenty(struct run *run)
{
    enum { COUNT = 20 };
    static char names[COUNT][32];
    struct sample_server servers[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        servers[i] = sample_six[i % 6];
        snprintf(names[i], sizeof names[i], "%s-number-%zu%s", sample_six[i % 6].name,
                 i + 1, i % 3 ? "" : "-of-twenty");
        servers[i].name = names[i];
        servers[i].rate *= 1 - 0.03 * (double)i;
        servers[i].cpu_us *= 1 + 0.01 * (double)i;
    }
    servers[7].name = LONG_NAME;
    sample_run(run, servers, COUNT, 6);
    sample_control(run, &servers[2]);
    add_accepts(run);
}

static void make_two(struct run *run)
{
    sample_run(run, sample_six, 2, 6);
    add_accepts(run);
}

/* At rates of 500, 1,000 and so on, by pace: the second server's tail is long. */
static void make_paced(struct run *run)
{
    make_two(run);
    for (size_t l = 0; l < run->suite.load_count; l++) {
        run->suite.loads[l].rate = 500 << l;
        run->suite.loads[l].concurrency = 50;
    }
    for (size_t i = 0; i < run->slice_count; i++) {
        struct slice *slice = &run->slices[i];
        for (size_t t = 0; t < TIMES_KEPT; t++)
            slice->time_ms[t] = 0.2 * (double)(1 + t) * (double)(1 + t * slice->server);
        slice->lateness_ms = 0.05;
    }
}

/* Bisected: of one pace was the limit, one was never in time. */
static void make_knees(struct run *run)
{
    static const struct knee_server three[] = {{"epoll", 20000, 18000, true},
                                               {"poll", 9000, 8000, false},
                                               {"fork", 800, 0, false}};
    sample_knees(run, three, 3, 6);
}

static void make_failed(struct run *run)
{
    sample_run(run, sample_six, 1, 1);
    for (size_t l = 0; l < run->suite.load_count; l++)
        sample_fail_all(run, "fork", run->suite.loads[l].name, "it died");
}

/* A tool that knows the median and the longest request only. */
static void make_few(struct run *run)
{
    sample_run(run, sample_six, 2, 1);
    for (size_t i = 0; i < run->trial_count; i++)
        for (int p = 51; p < 100; p++)
            run->trials[i].result.percentile_ms[p] = NAN;
}

static const struct shown {
    const char *name;
    void (*make)(struct run *run);
    const char *without; /* the plots that do not apply to it */
} runs[] = {
    {"six", make_six, "spectrum knee"},
    {"one", make_one, "paired-ratios spectrum accepts knee"},
    {"two", make_two, "spectrum knee"},
    {"twenty", make_twenty, "spectrum knee"},
    {"few percentiles", make_few, "spectrum accepts knee"},
    {"at rates", make_paced, "knee"},
    {"knees", make_knees,
     "cost ladders paired-ratios cpu-per-request requests-per-second latency-percentiles "
     "spectrum sorted-times accepts"},
    {"all failed", make_failed,
     "paired-ratios latency-percentiles spectrum sorted-times accepts ladders knee"},
};

/* What a plot is drawn from. */
struct sight {
    struct run run;
    struct summary summary;
    struct report report;
};

static void sight_make(struct sight *sight, void (*make)(struct run *run),
                       const char *reference)
{
    make(&sight->run);
    summary_make(&sight->summary, &sight->run);
    sight->report = (struct report){
        .run = &sight->run,
        .summary = &sight->summary,
        .reference = reference ? run_server(&sight->run, reference) : NULL,
    };
}

static void sight_free(struct sight *sight)
{
    summary_free(&sight->summary);
    run_free(&sight->run);
}

/* What a plot writes, owned by the caller. */
static char *data_of(const struct plot *plot, const struct sight *sight)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    plot->write(out, &sight->report);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void data_test(void **state)
{
    (void)state;
    struct sight sight;
    sight_make(&sight, make_six, NULL);
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        char *name = alloc_format("%s.dat", plots[i].name);
        char *text = data_of(&plots[i], &sight);
        golden_check(name, text);
        free(text);
        free(name);
    }
    sight_free(&sight);
}

static const struct plot *find_plot(const char *name)
{
    for (size_t i = 0; i < PLOT_COUNT; i++)
        if (strcmp(plots[i].name, name) == 0)
            return &plots[i];
    fail_msg("no plot %s", name);
    return NULL;
}

static void spectrum_test(void **state)
{
    (void)state;
    struct sight sight;
    sight_make(&sight, make_paced, NULL);
    char *text = data_of(find_plot("spectrum"), &sight);
    golden_check("spectrum-paced.dat", text);
    free(text);
    sight_free(&sight);
}

static void knee_test(void **state)
{
    (void)state;
    struct sight sight;
    sight_make(&sight, make_knees, NULL);
    char *text = data_of(find_plot("knee"), &sight);
    golden_check("knee-found.dat", text);
    free(text);
    sight_free(&sight);
}

static void reference_test(void **state)
{
    (void)state;
    struct sight sight;
    sight_make(&sight, make_six, "select");
    char *text = data_of(find_plot("paired-ratios"), &sight);
    assert_non_null(strstr(text, "\"c50: ab -c 50 -n 100000, against select\""));
    assert_non_null(strstr(text, "\"select\"\t1\t"));
    assert_non_null(strstr(text, "\"fork\"\t0\t"));
    assert_null(strstr(text, "against epoll"));
    free(text);
    sight_free(&sight);
}

/* Every load by itself: three that differ in more than concurrency are no ladder. */
static void make_apart(struct run *run)
{
    make_two(run);
    run->suite.loads[0].keepalive = true;
}

static void ladder_test(void **state)
{
    (void)state;
    struct sight sight;
    sight_make(&sight, make_apart, NULL);
    assert_false(find_plot("ladders")->applies(&sight.report));
    sight_free(&sight);
    sight_make(&sight, make_two, NULL);
    assert_true(find_plot("ladders")->applies(&sight.report));
    sight_free(&sight);
}

/* The size of DIRECTORY/plots/NAME.EXTENSION; -1 if there is none. */
static long file_size(const char *directory, const char *name, const char *extension)
{
    struct stat status;
    char *path = alloc_format("%s/plots/%s.%s", directory, name, extension);
    long size = stat(path, &status) < 0 ? -1 : status.st_size;
    free(path);
    return size;
}

static void remove_all(const char *directory)
{
    static const char *const extensions[] = {"dat", "svg"};
    char *folder = alloc_format("%s/plots", directory);
    for (size_t i = 0; i < 2 * PLOT_COUNT; i++) {
        char *path =
            alloc_format("%s/%s.%s", folder, plots[i / 2].name, extensions[i % 2]);
        unlink(path);
        free(path);
    }
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(rmdir(directory), 0);
    free(folder);
}

static int render(void (*make)(struct run *run), const char *directory, struct err *err)
{
    struct sight sight;
    sight_make(&sight, make, NULL);
    sight.report.directory = directory;
    int failed = plots_render(&sight.report, SCRIPTS, err);
    sight_free(&sight);
    return failed;
}

/* Small enough that a page can hold them all. */
static const long LARGEST_SVG = 1 << 20;

static void check_files(const char *directory, const struct shown *shown)
{
    for (size_t p = 0; p < PLOT_COUNT; p++) {
        bool drawn = !strstr(shown->without, plots[p].name);
        long svg = file_size(directory, plots[p].name, "svg");
        if ((file_size(directory, plots[p].name, "dat") > 0) != drawn ||
            (svg > 1000) != drawn || svg > LARGEST_SVG)
            fail_msg("%s, %s: drawn should be %d; the SVG has %ld bytes", shown->name,
                     plots[p].name, drawn, svg);
    }
}

/* gnuplot says nothing, and every picture is there: plots_render fails on any word. One folder
 * for all, so that what does not apply any more has to go. */
static void pictures_test(void **state)
{
    (void)state;
    char directory[] = "/tmp/abacus-plots-XXXXXX";
    assert_non_null(mkdtemp(directory));
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct err err = {""};
        if (render(runs[i].make, directory, &err) < 0)
            fail_msg("%s: %s", runs[i].name, err.text);
        check_files(directory, &runs[i]);
    }
    remove_all(directory);
}

/* ---- gnuplot missing or failing ---- */

/* Renders with a gnuplot of our own, a shell script; NULL: with none. */
static int render_with(const char *script, const char *directory, struct err *err)
{
    struct outfile file;
    struct err ignored;
    char *path = alloc_copy(getenv("PATH"));
    char *gnuplot = alloc_format("%s/gnuplot", directory);
    if (script) {
        assert_int_equal(outfile_open(&file, directory, "gnuplot", &ignored), 0);
        fprintf(file.stream, "#!/bin/sh\nPATH='%s'\n%s\n", path, script);
        assert_int_equal(outfile_close(&file, &ignored), 0);
        assert_int_equal(chmod(gnuplot, 0755), 0);
    }
    assert_int_equal(setenv("PATH", directory, 1), 0);
    int failed = render(make_paced, directory, err);
    assert_int_equal(setenv("PATH", path, 1), 0);
    unlink(gnuplot);
    free(gnuplot);
    free(path);
    return failed;
}

/* Without gnuplot the data is written all the same, and the reason names the package. */
static void no_gnuplot_test(void **state)
{
    (void)state;
    char directory[] = "/tmp/abacus-plots-XXXXXX";
    struct err err = {""};
    assert_non_null(mkdtemp(directory));
    assert_int_equal(render_with(NULL, directory, &err), -1);
    assert_string_equal(err.text, "plots: gnuplot: No such file or directory (Debian's "
                                  "package is gnuplot-nox)");
    for (size_t p = 0; p < PLOT_COUNT; p++) {
        bool applies = strcmp(plots[p].name, "knee") != 0;
        assert_int_equal(file_size(directory, plots[p].name, "dat") > 0, applies);
        assert_int_equal(file_size(directory, plots[p].name, "svg"), -1);
    }
    remove_all(directory);
}

/* One that fails, one that is drawn, but with a warning; the others are there, and of the two
 * nothing is left from before. */
static void bad_gnuplot_test(void **state)
{
    (void)state;
    static const char script[] = "case $2 in\n"
                                 "*/accepts.gp) printf '\\nno memory\\n' >&2; exit 3 ;;\n"
                                 "*/sorted-times.gp) echo odd ;;\n"
                                 "esac\n"
                                 "exec gnuplot \"$@\"";
    static const struct shown shown = {"failing", make_paced,
                                       "accepts sorted-times knee"};
    char directory[] = "/tmp/abacus-plots-XXXXXX";
    struct err err = {""};
    assert_non_null(mkdtemp(directory));
    assert_int_equal(render(make_paced, directory, &err), 0);
    assert_int_equal(render_with(script, directory, &err), -1);
    assert_string_equal(err.text,
                        "plots: gnuplot plots/sorted-times.gp: exit status 0: odd "
                        "(and 1 plot more)");
    for (size_t p = 0; p < PLOT_COUNT; p++) {
        bool drawn = !strstr(shown.without, plots[p].name);
        bool applies = strcmp(plots[p].name, "knee") != 0;
        assert_int_equal(file_size(directory, plots[p].name, "dat") > 0, applies);
        assert_int_equal(file_size(directory, plots[p].name, "svg") > 0, drawn);
    }
    remove_all(directory);
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
        cmocka_unit_test(data_test),        cmocka_unit_test(spectrum_test),
        cmocka_unit_test(knee_test),        cmocka_unit_test(knee_test),
        cmocka_unit_test(reference_test),   cmocka_unit_test(ladder_test),
        cmocka_unit_test(pictures_test),    cmocka_unit_test(no_gnuplot_test),
        cmocka_unit_test(bad_gnuplot_test), cmocka_unit_test(no_folder_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
