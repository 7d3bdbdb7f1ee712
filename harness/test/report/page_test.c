/* page_test.c - the report page as markup: whole, escaped and navigable, whatever the run.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

#include "base/outfile.h"
#include "render/escape.h"
#include "render/picture.h"
#include "report/plots.h"
#include "report/view.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOSTILE "</pre><script>alert(1)</script>&\"'\x1b[31m\xff"

static char directory[] = "/tmp/page_test.XXXXXX";

/* ---- runs ---- */

static void make_six(struct run *run)
{
    sample_run(run, sample_six, 6, 6);
    sample_control(run, &sample_six[2]);
    sample_fail(run, "libuv", "c100", 4, "ab ended with status 104");
}

static void make_hostile(struct run *run)
{
    static char long_name[301];
    memset(long_name, 'x', sizeof long_name - 1);
    const struct sample_server servers[] = {
        {HOSTILE, HOSTILE, 12000, 78, 1.02, BOUND_SERVER},
        {"<svg onload=alert(1)>", "javascript:alert(1)", 11900, 79, 1, BOUND_CLIENT},
        {long_name, long_name, 10000, 60, 0.99, BOUND_WAITING},
        {"two words", "", 9000, 70, 1, BOUND_CLIENT},
    };
    sample_run(run, servers, 4, 6);
    sample_fact(run, HOSTILE, HOSTILE);
    run_add_note(run, "%s", HOSTILE);
    sample_fail(run, HOSTILE, "c50", 1, HOSTILE);
    sample_lose(run, HOSTILE, "c100", 2, 3, HOSTILE);
    trial_add_remark(sample_find(run, "two words", "c50", 2), HOSTILE, CONSEQUENCE_FLAG,
                     1, 0);
    struct trial *trial = sample_find(run, "two words", "c50", 3);
    free(trial->raw);
    trial->raw = alloc_copy("javascript:alert(1)//\"><script>");
}

static void make_failed(struct run *run)
{
    sample_run(run, sample_six, 6, 2);
    for (size_t i = 0; i < run->trial_count; i++) {
        run->trials[i].verdict = VERDICT_INVALID;
        run->trials[i].reason = alloc_copy("ab ended with status 104");
        tool_result_clear(&run->trials[i].result);
    }
    for (size_t i = 0; i < run->slice_count; i++)
        run->slices[i].reason = alloc_copy("ab ended with status 104");
}

static void make_empty(struct run *run)
{
    sample_run(run, sample_six, 6, 0);
    run->rounds = 6;
    run->finished = false;
    run->wall_s = NAN;
}

static void make_without_servers(struct run *run)
{
    sample_run(run, sample_six, 0, 1);
}

/* What printed the trials of a long run would not fit on a page. */
static void make_long(struct run *run)
{
    sample_run(run, sample_six, 6, 100);
}

static const struct {
    const char *name;
    void (*make)(struct run *run);
} runs[] = {
    {"six", make_six},
    {"hostile", make_hostile},
    {"failed", make_failed},
    {"empty", make_empty},
    {"no servers", make_without_servers},
};

/* The page of a run, owned by the caller. */
static char *page_of(void (*make)(struct run *run))
{
    struct run run;
    struct summary summary;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    make(&run);
    summary_make(&summary, &run);
    report_sections(out, FORMAT_HTML,
                    &(struct report){.run = &run,
                                     .summary = &summary,
                                     .directory = directory,
                                     .plots_problem = "gnuplot: not found <here>"});
    assert_int_equal(fclose(out), 0);
    summary_free(&summary);
    run_free(&run);
    return text;
}

/* ---- markup ---- */

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

static void want(const char *page, const char *part)
{
    if (!strstr(page, part))
        fail_msg("'%s' is not in the page", part);
}

static void want_none(const char *page, const char *part)
{
    const char *found = strstr(page, part);
    if (found)
        fail_msg("'%s' is in the page: %.80s", part, found);
}

static bool is_void_element(const char *name)
{
    static const char *const names[] = {"!DOCTYPE", "meta"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* What is open at one point of the page. */
struct open {
    char names[16][16];
    size_t depth;
};

static void close_element(struct open *open, const char *name)
{
    if (open->depth == 0 || strcmp(open->names[open->depth - 1], name) != 0)
        fail_msg("</%s> ends <%s>", name,
                 open->depth ? open->names[open->depth - 1] : "nothing");
    open->depth--;
}

static void open_element(struct open *open, const char *name)
{
    if (is_void_element(name))
        return;
    assert_true(open->depth < sizeof open->names / sizeof *open->names);
    snprintf(open->names[open->depth++], sizeof *open->names, "%s", name);
}

/* Every element is closed, in the right order; no tag has a stray quote or bracket. */
static void check_balance(const char *page)
{
    struct open open = {.depth = 0};
    for (const char *tag = page; (tag = strchr(tag, '<'));) {
        bool closes = tag[1] == '/';
        char name[16] = "";
        assert_int_equal(sscanf(tag + 1 + closes, "%15[A-Za-z0-9!]", name), 1);
        const char *end = tag + strcspn(tag, ">");
        assert_true(*end == '>' && !memchr(tag + 1, '<', (size_t)(end - tag) - 1));
        if (closes)
            close_element(&open, name);
        else
            open_element(&open, name);
        if (strcmp(name, "style") == 0 || strcmp(name, "script") == 0)
            end = closes ? end : strstr(end, "</") - 1;
        tag = end + 1;
    }
    assert_int_equal(open.depth, 0);
}

/* The value of an attribute from where it begins, with its quotes. */
static char *quoted(const char *value, const char *prefix)
{
    return alloc_format("%s%.*s\"", prefix, (int)strcspn(value, "\""), value);
}

/* Ids are there once, and what a link leads to is there. */
static void check_links(const char *page)
{
    for (const char *id = page; (id = strstr(id, " id=\"")); id++) {
        char *same = quoted(id + strlen(" id=\""), " id=\"");
        if (count_of(page, same) != 1)
            fail_msg("%zu times%s", count_of(page, same), same);
        free(same);
    }
    for (const char *link = page; (link = strstr(link, "href=\"#")); link++) {
        char *id = quoted(link + strlen("href=\"#"), " id=\"");
        want(page, id);
        free(id);
    }
}

/* One h1, first; no level is skipped. */
static void check_headings(const char *page)
{
    char last = '0';
    assert_int_equal(count_of(page, "<h1>"), 1);
    for (const char *h = page; (h = strstr(h, "<h")); h++)
        if (h[2] >= '1' && h[2] <= '6') {
            assert_true(h[2] <= last + 1);
            last = h[2];
        }
}

static void markup_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        print_message("%s\n", runs[i].name);
        char *page = page_of(runs[i].make);
        check_balance(page);
        check_links(page);
        check_headings(page);
        assert_int_equal(count_of(page, "<table"), count_of(page, "<caption"));
        want(page, "gnuplot: not found &lt;here&gt;");
        want_none(page, "http://");
        want_none(page, "https://");
        free(page);
    }
}

static void escaped_test(void **state)
{
    (void)state;
    char *page = page_of(make_hostile);
    assert_int_equal(count_of(page, "<script"), 1);
    want(page, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;?[31m?");
    want_none(page, "<svg onload");
    want_none(page, "href=\"javascript:");
    want_none(page, "\x1b");
    want_none(page, "\xff");
    want(page, "href=\"./javascript%3Aalert%281%29//%22%3E%3Cscript%3E\"");
    want(page, "href=\"#c50__two_20words\"");
    free(page);
}

/* What cannot be answered is not passed over. */
static void answer_test(void **state)
{
    (void)state;
    static const struct {
        void (*make)(struct run *run);
        const char *says;
    } cases[] = {
        {make_six, "epoll needs the least CPU, all loads together: 28.4 µs per request"},
        {make_six, "The load tool was the limit in"},
        {make_six, "lowered the requests per second of libuv"},
        {make_six, "ab ended with status 104"},
        {make_failed, "No server has figures"},
        {make_failed, "ab ended with status 104"},
        {make_empty, "No server has figures"},
        {make_empty, "stopped before its end"},
        {make_without_servers, "No server has figures"},
        {make_long, "The printouts of 73 more trials are left out here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *page = page_of(cases[i].make);
        want(page, cases[i].says);
        free(page);
    }
}

/* ---- files of the run ---- */

static void write_file(const char *name, const char *text)
{
    struct err err;
    struct outfile file;
    assert_int_equal(outfile_open(&file, directory, name, &err), 0);
    fputs(text, file.stream);
    assert_int_equal(outfile_close(&file, &err), 0);
}

static void remove_file(const char *name)
{
    char *path = alloc_format("%s/%s", directory, name);
    assert_int_equal(unlink(path), 0);
    free(path);
}

static void make_printouts(struct run *run)
{
    static const char *const raws[] = {"raw/one.txt", "raw/../secret", "secret"};
    sample_run(run, sample_six, 1, 3);
    for (size_t i = 0; i < run->trial_count; i++) {
        free(run->trials[i].raw);
        run->trials[i].raw = alloc_copy(raws[i % 3]);
    }
}

/* Only what lies in the run's own raw/ is shown. */
static void printout_test(void **state)
{
    (void)state;
    write_file("raw/one.txt", "line <1>\n\tline 2 " HOSTILE "\n");
    write_file("secret", "TOP SECRET");
    char *page = page_of(make_printouts);
    check_balance(page);
    want(page, "<pre tabindex=\"0\">line &lt;1&gt;\n?line 2 &lt;/pre&gt;&lt;script&gt;");
    want_none(page, "TOP SECRET");
    free(page);
    remove_file("raw/one.txt");
    remove_file("secret");
}

static int show(const char *svg, char **text)
{
    struct err err;
    size_t size = 0;
    char *path = alloc_format("%s/plot.svg", directory);
    FILE *out = open_memstream(text, &size);
    assert_non_null(out);
    write_file("plot.svg", svg);
    int failed = picture_write(out, path, &err);
    assert_int_equal(fclose(out), 0);
    remove_file("plot.svg");
    free(path);
    return failed;
}

static void picture_test(void **state)
{
    (void)state;
    static const struct {
        const char *svg, *shown; /* NULL: refused */
    } cases[] = {
        {"<svg id=\"a\"><g/></svg>\n", "<svg id=\"a\"><g/></svg>\n"},
        {"<svg></svg><p>", NULL},
        {"<svg><g></svg", NULL},
        {"<svg", NULL},
        {"", NULL},
        {"no picture", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        assert_int_equal(show(cases[i].svg, &text), cases[i].shown ? 0 : -1);
        assert_string_equal(text, cases[i].shown ? cases[i].shown : "");
        free(text);
    }
}

static void plots_caption_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLOT_COUNT; i++)
        assert_non_null(plots[i].caption);
}

static void id_test(void **state)
{
    (void)state;
    static const char *const texts[] = {"a",    "a b", "20b", "C0",
                                        "\xc0", "_",   "__",  "b_C0"};
    enum { TEXTS = sizeof texts / sizeof *texts, PAIRS = TEXTS * TEXTS };
    char *ids[PAIRS];
    for (size_t i = 0; i < PAIRS; i++) {
        ids[i] = escape_id(texts[i / TEXTS], texts[i % TEXTS]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(ids[i], ids[j]);
    }
    for (size_t i = 0; i < PAIRS; i++)
        free(ids[i]);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    char *raw = alloc_format("%s/raw", directory);
    int failed = mkdir(raw, 0700);
    free(raw);
    return failed;
}

static int tear_down(void **state)
{
    (void)state;
    char *raw = alloc_format("%s/raw", directory);
    int failed = rmdir(raw) < 0 || rmdir(directory) < 0;
    free(raw);
    return failed ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_test),  cmocka_unit_test(escaped_test),
        cmocka_unit_test(answer_test),  cmocka_unit_test(printout_test),
        cmocka_unit_test(picture_test), cmocka_unit_test(plots_caption_test),
        cmocka_unit_test(id_test),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
