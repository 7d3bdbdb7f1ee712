/* anatomy_test.c - what DHAT, perf and the kernel print is read, whole or not at all, and
 * summed up as it should be.
 * SPDX-License-Identifier: MIT */
#include "profile/memory.h"
#include "profile/stacks.h"
#include "profile/valgrind.h"

#include "fixture.h"

#include <math.h>

static FILE *text_open(const char *text)
{
    FILE *file = fmemopen((void *)text, strlen(text), "re");
    assert_non_null(file);
    return file;
}

/* ---- DHAT ---- */

static const char dhat_path[] = "harness/test/fixtures/profile/dhat-epoll.json";

static void heap_is_read(void **state)
{
    (void)state;
    struct err err;
    struct tally heap;
    assert_int_equal(heap_read(&heap, dhat_path, &err), 0);
    /* As DHAT itself sums up: "Total: 227,713 bytes in 32 blocks". */
    assert_float_equal(tally_sum(&heap, SITE_BYTES), 227713, 0);
    assert_float_equal(tally_sum(&heap, SITE_BLOCKS), 32, 0);
    assert_string_equal(heap.rows[3].names[SITE_FUNCTION], "room_make (epoll.c:78)");
    assert_string_equal(heap.rows[3].names[SITE_CALLERS], "client_accept < serve < main");
    tally_free(&heap);
}

static void broken_heaps_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "'[' or '{' expected near end of file"},
        {"{\"dhatFileVersion\":1,\"pps\":[],\"ftbl\":[]}",
         "not a DHAT file of version 2"},
        {"{\"dhatFileVersion\":2}", "no program points"},
        {"{\"dhatFileVersion\":2,\"ftbl\":[\"[root]\"],\"pps\":[{\"tb\":1,\"tbk\":1,"
         "\"fs\":[7]}]}",
         "program point 0"},
        {"{\"dhatFileVersion\":2,\"ftbl\":[\"[root]\"],\"pps\":[{\"tb\":1,\"fs\":[0]}]}",
         "program point 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        struct tally heap;
        char path[64];
        scratch_write(path, cases[i].text, strlen(cases[i].text));
        assert_int_equal(heap_read(&heap, path, &err), -1);
        assert_non_null(strstr(err.text, cases[i].reason));
        assert_int_equal(unlink(path), 0);
    }
}

/* A child that forked after its parent had allocated 5 blocks, and made 2 more. */
static void a_child_does_not_count_its_parents(void **state)
{
    (void)state;
    static const char *const start[] = {"start", "main", ""};
    static const char *const serve[] = {"serve", "main", ""};
    struct tally parent = {0};
    struct tally child = {0};
    struct tally own = {0};
    tally_row(&parent, start)->counts[SITE_BLOCKS] = 5;
    tally_row(&child, start)->counts[SITE_BLOCKS] = 5;
    tally_row(&child, serve)->counts[SITE_BLOCKS] = 2;
    tally_row(&child, serve)->counts[SITE_BYTES] = 64;
    heap_add_excess(&own, &child, &parent);
    assert_float_equal(tally_sum(&own, SITE_BLOCKS), 2, 0);
    assert_float_equal(tally_sum(&own, SITE_BYTES), 64, 0);
    tally_per_request(&own, 1, &child, 1);
    assert_float_equal(tally_sum(&own, SITE_BLOCKS), -5, 0);
    tally_free(&parent);
    tally_free(&child);
    tally_free(&own);
}

/* ---- perf ---- */

static void stacks_are_folded(void **state)
{
    (void)state;
    struct err err;
    struct folds folds;
    FILE *script = fopen("harness/test/fixtures/profile/perf-cut.txt", "re");
    assert_non_null(script);
    assert_int_equal(folds_read(&folds, script, "/abacus/build/servers/libuv", &err), 0);
    fclose(script);
    assert_int_equal(folds.samples, 6);
    assert_true(folds.whole > 0 && folds.whole < 6); /* perf had cut some of them off */
    struct stack_node *root = stacks_tree(folds.stacks, &err);
    assert_non_null(root);
    assert_float_equal(root->total, 6, 0);
    double self[LAYERS];
    stacks_layers(root, self);
    assert_float_equal(self[LAYER_SERVER] + self[LAYER_LIBRARY] + self[LAYER_KERNEL], 6,
                       0);
    assert_true(self[LAYER_KERNEL] > 0);
    stacks_tree_free(root);
    folds_free(&folds);
}

static void each_line_is_read_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        const char *stack;  /* of the one sample; or */
        const char *reason; /* why it was refused */
    } cases[] = {
        {"a 1/1 \n\t  10 f (/s)\n\t  20 main (/s)\n\n", "main;f", NULL},
        {"a 1/1 \n\tffffffff81000130 f (k)\n\t 20 a(b c) (/l)\n\n", "a(b c)_[l];f_[k]",
         NULL},
        {"a 1/1 \n\t10 [unknown] (/lib/x.so)\n\t20 g@@V (/l)\n\n", "g_[l];[x.so]_[l]",
         NULL},
        {"a 1/1 \n\t10 f;g (/s)\n\n", "f:g", NULL},
        {"a 1/1 \n\n", "(no stack)", NULL},
        {"a 1/1 \n\t10 f (/s)\n\nb 2/2 \n\t10 g (/s)\n", "f", NULL}, /* cut off */
        {"", NULL, "no sample"},
        {"a 1/1 \n\tno address (/s)\n\n", NULL, "line 2"},
        {"a 1/1 \n\t10 f\n\n", NULL, "line 2"},
        {"\t10 f (/s)\n\n", NULL, "line 1"},
        {"a 1/1 \nb 2/2 \n", NULL, "line 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        struct folds folds;
        FILE *script = text_open(*cases[i].script ? cases[i].script : "\n");
        int failed = folds_read(&folds, script, "/s", &err);
        fclose(script);
        assert_int_equal(failed, cases[i].reason ? -1 : 0);
        if (cases[i].reason) {
            assert_non_null(strstr(err.text, cases[i].reason));
            continue;
        }
        assert_int_equal(folds.samples, 1);
        assert_non_null(json_object_get(folds.stacks, cases[i].stack));
        folds_free(&folds);
    }
}

static struct stack_node *tree_of(const char *json)
{
    struct err err;
    json_t *folded = json_loads(json, 0, NULL);
    struct stack_node *root = stacks_tree(folded, &err);
    json_decref(folded);
    return root;
}

static void a_function_that_calls_itself_counts_once(void **state)
{
    (void)state;
    struct tally functions = {0};
    struct stack_node *root = tree_of("{\"m;f;f;g_[k]\":3,\"m;f\":1,\"m;g_[l]\":2}");
    stacks_functions(&functions, root);
    assert_int_equal(functions.count, 4); /* m, f, and g in two layers */
    for (size_t i = 0; i < functions.count; i++)
        if (strcmp(functions.rows[i].names[FUNCTION_NAME], "f") == 0) {
            assert_float_equal(functions.rows[i].counts[FUNCTION_TOTAL], 4, 0);
            assert_float_equal(functions.rows[i].counts[FUNCTION_SELF], 1, 0);
        }
    assert_int_equal(stacks_depth(root, 1), 4);
    assert_int_equal(stacks_depth(root, 4), 2);
    tally_free(&functions);
    stacks_tree_free(root);
    assert_null(tree_of("[]"));
    assert_null(tree_of("{\"m\":\"1\"}"));
    assert_null(tree_of("{\"m\":0}"));
}

static void a_flame_graph_escapes_its_text(void **state)
{
    (void)state;
    char *svg = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&svg, &size);
    struct stack_node *root = tree_of("{\"main;operator<\\\"&\":9,\"main;rare\":1}");
    flame_write(out, root, "<a> & b", "flame-1");
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(svg, "<title id=\"flame-1-title\">&lt;a&gt; &amp; b</title>"));
    assert_non_null(
        strstr(svg, "operator&lt;&quot;&amp; (the server's own code): 90.00 %"));
    assert_null(strstr(svg, "operator<"));
    stacks_tree_free(root);
    free(svg);
}

/* ---- smaps ---- */

static void maps_are_read(void **state)
{
    (void)state;
    struct err err;
    struct maps maps;
    FILE *smaps = fopen("harness/test/fixtures/profile/smaps-epoll.txt", "re");
    assert_non_null(smaps);
    assert_int_equal(maps_parse(&maps, smaps, &err), 0);
    fclose(smaps);
    assert_int_equal(maps.count, 24);
    struct maps sum = maps_by_permissions(&maps);
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        assert_float_equal(maps_kb(&sum, kind), maps_kb(&maps, kind), 0);
    assert_true(sum.rows[0].mapped);
    assert_string_equal(sum.rows[0].permissions, "r-xp");
    maps_free(&sum);
    maps_free(&maps);
}

static void broken_maps_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "Private_Dirty: 4 kB\n",
        "1000-2000 rw 0 0:0 0\n",
        "1000-2000 rw-p 0 0:0 0\nPrivate_Dirty: x\n",
        "1000-2000 rw-p 0 0:0 0\nwhat is this\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        struct maps maps;
        FILE *smaps = text_open(cases[i]);
        assert_int_equal(maps_parse(&maps, smaps, &err), -1);
        fclose(smaps);
    }
}

static void shared_pages_count_once(void **state)
{
    (void)state;
    struct maps_row rows[] = {
        {.start = 0x1000,
         .permissions = "rw-p",
         .kb = {[SHARED_DIRTY] = 8, [PRIVATE_DIRTY] = 4}},
    };
    const struct maps one = {
        .rows = rows, .count = 1, .page_tables_kb = 3, .processes = 1};
    struct maps all = {0};
    for (int i = 0; i < 3; i++)
        maps_add(&all, &one);
    assert_float_equal(maps_kb(&all, SHARED_DIRTY), 8, 0);
    assert_float_equal(maps_kb(&all, PRIVATE_DIRTY), 12, 0);
    assert_float_equal(all.page_tables_kb, 9, 0);
    assert_int_equal(all.processes, 3);
    maps_free(&all);
}

/* ---- figures ---- */

static void the_slope_is_that_of_the_line(void **state)
{
    (void)state;
    static const double x[] = {1, 250, 500, 1000};
    static const double y[] = {305, 803, 1303, 2303};
    assert_float_equal(memory_slope(x, y, 4), 2, 1e-9);
    assert_true(isnan(memory_slope(x, y, 1)));
}

static void a_leak_grows_in_every_step(void **state)
{
    (void)state;
    static const struct {
        double kb[4];
        bool leaks;
    } cases[] = {
        {{300, 300, 300, 300}, false},
        {{300, 900, 900, 900}, false}, /* an allocator that settles */
        {{300, 310, 320, 330}, false}, /* too little to be told */
        {{300, 340, 380, 420}, true},
        {{100, 340, 380, 370}, false},
    };
    static const double requests[] = {1000, 1000, 1000, 1000};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(memory_growth(cases[i].kb, requests, 4).leaks, cases[i].leaks);
    struct growth growth = memory_growth(cases[3].kb, requests, 4);
    assert_float_equal(growth.bytes, 120 * 1024, 0);
    assert_float_equal(growth.requests, 3000, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heap_is_read),
        cmocka_unit_test(broken_heaps_are_refused),
        cmocka_unit_test(a_child_does_not_count_its_parents),
        cmocka_unit_test(stacks_are_folded),
        cmocka_unit_test(each_line_is_read_or_refused),
        cmocka_unit_test(a_function_that_calls_itself_counts_once),
        cmocka_unit_test(a_flame_graph_escapes_its_text),
        cmocka_unit_test(maps_are_read),
        cmocka_unit_test(broken_maps_are_refused),
        cmocka_unit_test(shared_pages_count_once),
        cmocka_unit_test(the_slope_is_that_of_the_line),
        cmocka_unit_test(a_leak_grows_in_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
