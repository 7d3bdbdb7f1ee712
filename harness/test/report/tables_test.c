/* tables_test.c - whole tables, as text, Markdown and CSV, against golden files.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "sample.h"

#include "base/utf8.h"
#include "render/figure.h"
#include "render/names.h"
#include "report/figures.h"
#include "report/view.h"

#include <math.h>

/* Six servers, all well, and the control. */
static void make_six(struct run *run)
{
    sample_run(run, sample_six, 6, 12);
    sample_control(run, &sample_six[2]);
    sample_keep_trials(run, 2);
}

/* What is flagged, and what stands out between rounds. */
static void add_remarks(struct run *run)
{
    trial_add_remark(sample_find(run, "epoll", "c1000", 2), "retries", CONSEQUENCE_FLAG,
                     17, 0);
    trial_add_remark(sample_find(run, "epoll", "c1000", 4), "retries", CONSEQUENCE_FLAG,
                     4, 0);
    trial_add_remark(sample_find(run, "fork", "c100", 6), "ladder", CONSEQUENCE_FLAG,
                     1000, 0);
    sample_set_cpu(run, "libev", "c50", 1, 41);
}

/* All that can go wrong: a server that never works, one that is lost in a round, one of which a
 * trial fails and one of which a slice does, one that is missing, one whose turn never came, a
 * cut-off record. */
static void make_failures(struct run *run)
{
    static const char reset[] =
        "ab ended with status 104: the server closed the connection with data unread";
    sample_run(run, sample_six, 6, 21);
    for (size_t l = 0; l < run->suite.load_count; l++)
        sample_fail_all(run, "select", run->suite.loads[l].name, reset);
    sample_fail(run, "fork", "c1000", 2, reset);
    sample_lose(run, "fork", "c1000", 3, 4, "the server died: killed by signal 11");
    sample_fail(run, "epoll", "c50", 3, "port 40000 was taken");
    sample_fail_slice(run, "libuv", "c50", 2, 5, "3 of 1000 requests failed");
    add_remarks(run);

    run->servers = alloc_resize(run->servers, 8, sizeof *run->servers);
    run->servers[6] = (struct run_server){
        .name = alloc_copy("kqueue"),
        .path = alloc_copy("build/servers/kqueue"),
        .about = alloc_copy(""),
        .missing = alloc_copy("library libkqueue is not installed"),
    };
    run->servers[7] = (struct run_server){
        .name = alloc_copy("late"),
        .path = alloc_copy("build/servers/late"),
        .about = alloc_copy("one process; poll(2)"),
    };
    run->server_count = 8;
    run->finished = false;
    run->wall_s = NAN;
    run_add_note(run, "record.jsonl:113: cut off; this trial is left out");
}

/* Two rounds, and names that try to break a table. */
static void make_weird(struct run *run)
{
    static const struct sample_server weird[] = {
        {"a|b<\"script\">", "pipes | and <b>tags</b> & *stars*", 12000, 78, 1.02,
         BOUND_SERVER},
        {"two\nlines\t\x1b[31m", "a newline and an escape sequence", 11900, 79, 1.02,
         BOUND_SERVER},
        {"a-name-that-is-far-too-long-for-any-table-that-fits", "", 10000, 60, 0.99,
         BOUND_WAITING},
        {"éволюция", "not \xff UTF-8", 9000, 70, 1, BOUND_CLIENT},
        {"comma, \"quoted\"", "for CSV", 8000, 80, 1.0, BOUND_CLIENT},
    };
    sample_run(run, weird, 5, 2);
}

/* One server, one round, no comparison, and a tool that gives no connection times. */
static void make_one(struct run *run)
{
    const double not_given = NAN;
    sample_run(run, &sample_six[2], 1, 1);
    free(run->suite.compare_from);
    free(run->suite.compare_to);
    run->suite.compare_from = run->suite.compare_to = NULL;
    for (size_t i = 0; i < run->trial_count; i++) {
        struct tool_result *result = &run->trials[i].result;
        struct connection_time none = {not_given, not_given, not_given, not_given,
                                       not_given};
        result->connect = result->processing = result->waiting = result->total = none;
        result->percentile_ms[66] = not_given;
    }
}

/* Five servers that are one, and a control that is not: it costs 6 % more. */
static void make_untrustworthy(struct run *run)
{
    static const struct sample_server same[] = {
        {"one", "", 12000, 78, 1.02, BOUND_SERVER},
        {"two", "", 12000, 78, 1.02, BOUND_SERVER},
        {"three", "", 12000, 78, 1.02, BOUND_SERVER},
        {"four", "", 12000, 78, 1.02, BOUND_SERVER},
        {"five", "", 12000, 78, 1.02, BOUND_SERVER},
    };
    struct sample_server costlier = same[0];
    costlier.cpu_us *= 1.06;
    sample_run(run, same, 5, 6);
    sample_control(run, &costlier);
}

/* A single round, from which nothing can be told. */
static void make_round(struct run *run)
{
    sample_run(run, sample_six, 3, 1);
    sample_control(run, &sample_six[2]);
}

/* Two tools that ask the same, for a large page, and do not agree on two servers. */
static void make_tools(struct run *run)
{
    sample_run(run, sample_six, 3, 12);
    for (size_t l = 0; l < 2; l++) {
        free(run->suite.loads[l].path);
        run->suite.loads[l].path = alloc_copy("/50k");
        run->suite.loads[l].concurrency = 50;
    }
    free(run->suite.loads[1].tool);
    run->suite.loads[1].tool = alloc_copy("wrk");
    for (int round = 1; round <= 12; round++) {
        sample_set_cpu(run, "select", "c50", round, 28 + 0.1 * (round % 3));
        sample_set_cpu(run, "epoll", "c50", round, 96 + 0.1 * (round % 4));
    }
}

/* Beside 0, 10 and 1,000 idle connections, of which select cannot hold the most. What each takes in
 * memory differs from round to round by some per cent. */
static void add_holding(struct run *run, size_t server, size_t load, int round,
                        double own_kb)
{
    double wobble = sample_wobble(server, load, round),
           idle = run->suite.loads[load].idle;
    struct footprint before = {.own_kb = 900, .kernel_kb = {4, 600000, 2000, 4000}};
    struct holding holding = {server, load, round, before, before};
    holding.before.of_machine = holding.held.of_machine = true;
    holding.held.own_kb += own_kb * idle * wobble;
    holding.held.kernel_kb[KERNEL_SLAB] += (own_kb + 6) * idle * wobble;
    run_add_holding(run, &holding);
}

static void make_idle(struct run *run)
{
    static const int idle[] = {0, 10, 1000};
    sample_run(run, sample_six, 3, 12);
    for (size_t l = 0; l < 3; l++) {
        struct load *load = &run->suite.loads[l];
        load->concurrency = 50;
        load->idle = idle[l];
    }
    sample_lose(run, "select", "c100", 1, 1, "it holds 900 of 1000 idle connections");
    sample_find_slice(run, "select", "c100", 1, 1)->unable = true;
    for (int round = 1; round <= 12; round++)
        for (size_t l = 1; l < 3; l++) {
            add_holding(run, 0, l, round, 90);
            add_holding(run, 2, l, round, 0.25);
            if (l == 1)
                add_holding(run, 1, l, round, 0.2);
        }
}

static const struct {
    const char *name;
    void (*make)(struct run *run);
} runs[] = {
    {"six", make_six},     {"failures", make_failures},
    {"weird", make_weird}, {"one", make_one},
    {"round", make_round}, {"untrustworthy", make_untrustworthy},
    {"tools", make_tools}, {"idle", make_idle},
};

enum { RUNS = sizeof runs / sizeof *runs };

static void write_text(FILE *out, const struct run *run, const struct summary *summary)
{
    report_sections(out, FORMAT_TEXT, &(struct report){.run = run, .summary = summary});
}

static void write_markdown(FILE *out, const struct run *run,
                           const struct summary *summary)
{
    report_sections(out, FORMAT_MARKDOWN,
                    &(struct report){.run = run, .summary = summary});
}

static void write_csv(FILE *out, const struct run *run, const struct summary *summary)
{
    (void)run;
    figures_write_csv(out, summary);
}

/* What `write` makes of a run, owned by the caller. */
static char *written(void (*make)(struct run *run),
                     void (*write)(FILE *, const struct run *, const struct summary *))
{
    struct run run;
    struct summary summary;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    make(&run);
    summary_make(&summary, &run);
    write(out, &run, &summary);
    assert_int_equal(fclose(out), 0);
    summary_free(&summary);
    run_free(&run);
    return text;
}

static void check_all(const char *extension,
                      void (*write)(FILE *, const struct run *, const struct summary *))
{
    for (size_t i = 0; i < RUNS; i++) {
        char *name = alloc_format("%s.%s", runs[i].name, extension);
        char *text = written(runs[i].make, write);
        golden_check(name, text);
        free(text);
        free(name);
    }
}

static void text_test(void **state)
{
    (void)state;
    check_all("txt", write_text);
}

static void markdown_test(void **state)
{
    (void)state;
    check_all("md", write_markdown);
}

static void csv_test(void **state)
{
    (void)state;
    check_all("csv", write_csv);
}

/* No line of the text is wider than 100 columns, whatever the names. */
static void width_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUNS; i++) {
        char *text = written(runs[i].make, write_text), *rest = text;
        for (char *line; (line = strtok_r(rest, "\n", &rest));)
            if (utf8_width(line) > 100 && strcmp(runs[i].name, "weird") != 0)
                fail_msg("%s: %zu columns: %s", runs[i].name, utf8_width(line), line);
        free(text);
    }
}

static struct figure seven_to(double high)
{
    return figure_range((struct interval){.low = 7, .mid = 8, .high = high},
                        figure_short);
}

static void figure_test(void **state)
{
    (void)state;
    static const struct {
        struct figure (*figure)(double);
        double value;
        const char *text;
    } cases[] = {
        {figure_count, 6220.4, "6,220"},
        {figure_count, 999.6, "1,000"},
        {figure_count, 1234567, "1,234,567"},
        {figure_count, 0, "0"},
        {figure_count, -123456, "-123,456"},
        {figure_count, NAN, "–"},
        {figure_count, 1e300, "1e+300"},
        {figure_short, 0.0964, "0.096"},
        {figure_short, 2.1349, "2.13"},
        {figure_short, 9.996, "10.0"},
        {figure_short, 45.14, "45.1"},
        {figure_short, 99.96, "100"},
        {figure_short, 9087.3, "9,087"},
        {figure_short, INFINITY, "–"},
        {figure_tenths, 9, "9"},
        {figure_tenths, 9.5, "9.5"},
        {figure_tenths, NAN, "–"},
        {figure_percent, 0.426, "43"},
        {figure_change, 1.167, "+16.7"},
        {figure_change, 0.63, "−37.0"},
        {figure_change, NAN, "–"},
        {figure_duration, 41.6, "42 s"},
        {figure_duration, 723, "12 min 3 s"},
        {figure_duration, 3840, "1 h 4 min"},
        {figure_duration, NAN, "–"},
        {seven_to, 9.5, "7.00–9.50"},
        {seven_to, NAN, "–"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(cases[i].figure(cases[i].value).text, cases[i].text);
}

static void label_test(void **state)
{
    (void)state;
    static const struct {
        const char *name, *label;
    } cases[] = {
        {"epoll", "epoll"},
        {"", ""},
        {"a\nb\tc\x7f", "a?b?c?"},
        {"\xc2\x9b[31m", "?[31m"},
        {"\xff\xc3", "??"},
        {"\xe2\x82", "??"},
        {"µ–é", "µ–é"},
        {"exactly-24-columns-wide!", "exactly-24-columns-wide!"},
        {"one-more-than-24-columns!", "one-more-tha…24-columns!"},
        {"ééééééééééééééééééééééééé", "éééééééééééé…ééééééééééé"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(name_label(cases[i].name).text, cases[i].label);
}

static void names_test(void **state)
{
    (void)state;
    static const char *const joined[] = {"", "a", "a and b", "a, b and c"};
    static const char *const each[] = {"a", "b", "c"};
    for (size_t n = 0; n < 4; n++) {
        struct names names = {0};
        for (size_t i = 0; i < n; i++)
            names_add(&names, each[i]);
        char *text = names_join(&names);
        assert_string_equal(text, joined[n]);
        free(text);
        names_free(&names);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_test),   cmocka_unit_test(markdown_test),
        cmocka_unit_test(csv_test),    cmocka_unit_test(width_test),
        cmocka_unit_test(figure_test), cmocka_unit_test(label_test),
        cmocka_unit_test(names_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
