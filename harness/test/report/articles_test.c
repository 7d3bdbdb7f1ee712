/* articles_test.c - the articles' own tables, then and today, against golden files.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "sample.h"

#include "report/view.h"

/* Some well, one missing, one that fails, and two that are not in the run. */
static void make_systems(struct run *run)
{
    static const struct sample_server systems[] = {
        {"scala", "actors", 9100, 104, 1.1, BOUND_SERVER},
        {"libev", "one process; libev 4.33, epoll", 18100, 29.3, 1.02, BOUND_CLIENT},
        {"socketserver", "one client at a time", 4100, 96.2, 1.31, BOUND_SERVER},
        {"twisted-tcp", "EPollReactor", 6000, 158, 1.07, BOUND_SERVER},
        {"pykka", "actors", 1400, 634, 1.06, BOUND_SERVER},
        {"guile", "poll", 4700, 201, 1, BOUND_SERVER},
        {"nginx", "epoll", 17400, 31.1, 1.02, BOUND_CLIENT},
    };
    size_t count = sizeof systems / sizeof *systems;
    sample_run(run, systems, count, 3);
    free(run->suite.name);
    run->suite.name = alloc_copy("systems");
    sample_fail_all(run, "pykka", "c1000", "ab ended with status 104");
    run->servers = alloc_resize(run->servers, count + 1, sizeof *run->servers);
    run->servers[run->server_count++] = (struct run_server){
        .name = alloc_copy("warp"),
        .path = alloc_copy("servers/articles/warp"),
        .about = alloc_copy(""),
        .missing = alloc_copy("ghc is not installed (Debian: ghc libghc-warp-dev)"),
    };
}

/* What is written of the run, owned by the caller. */
static char *written(const struct run *run, enum format format)
{
    struct summary summary;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    struct page page = {.out = out, .format = format};
    summary_make(&summary, run);
    articles_write(&page, &(struct report){.run = run, .summary = &summary});
    page_block(&page, BLOCK_NONE);
    assert_int_equal(fclose(out), 0);
    summary_free(&summary);
    return text;
}

static void check(enum format format, const char *golden)
{
    struct run run;
    make_systems(&run);
    char *text = written(&run, format);
    golden_check(golden, text);
    free(text);
    run_free(&run);
}

static void text_test(void **state)
{
    (void)state;
    check(FORMAT_TEXT, "articles.txt");
}

static void markdown_test(void **state)
{
    (void)state;
    check(FORMAT_MARKDOWN, "articles.md");
}

static void rename_text(char **text, const char *from, const char *to)
{
    if (strcmp(*text, from) != 0)
        return;
    free(*text);
    *text = alloc_copy(to);
}

static void rename_load(struct run *run, const char *from, const char *to)
{
    for (size_t i = 0; i < run->suite.load_count; i++)
        rename_text(&run->suite.loads[i].name, from, to);
    rename_text(&run->suite.compare_from, from, to);
    rename_text(&run->suite.compare_to, from, to);
}

/* The second article's two further pages, and no heading of the first, which has none. */
static void pages_test(void **state)
{
    static const struct sample_server servers[] = {
        {"guile", "poll", 900, 201, 1.1, BOUND_SERVER},
        {"epoll", "epoll", 17400, 31.1, 0.9, BOUND_CLIENT},
    };
    (void)state;
    struct run run;
    sample_run(&run, servers, 2, 3);
    rename_text(&run.suite.name, run.suite.name, "systems-pages");
    rename_load(&run, "c1000", "headers");
    rename_load(&run, "c50", "50k");
    rename_load(&run, "c100", "other");
    char *text = written(&run, FORMAT_TEXT);
    golden_check("articles-pages.txt", text);
    free(text);
    run_free(&run);
}

/* Of any other run nothing is written, even if it has the same servers and loads. */
static void other_suite_test(void **state)
{
    (void)state;
    struct run run;
    make_systems(&run);
    free(run.suite.name);
    run.suite.name = alloc_copy("quick");
    assert_false(articles_apply(&(struct report){.run = &run}));
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_test),
        cmocka_unit_test(markdown_test),
        cmocka_unit_test(pages_test),
        cmocka_unit_test(other_suite_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
