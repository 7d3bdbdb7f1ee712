/* record_test.c - a run survives its record; what is broken in a record is named, not
 * guessed.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "model/record.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a run with one server, one load, a good trial and a failed one; slices likewise ---- */

static struct trial good_trial(void)
{
    struct trial trial = {.round = 1,
                          .command = alloc_copy("ab -q"),
                          .raw = alloc_copy("raw/r01-c50-epoll.txt"),
                          .tool_wall_s = 5.25,
                          .server_cpu_s = 1.5,
                          .cpu_us_per_request = 15.125,
                          .server_busy = NAN,
                          .bound = BOUND_CLIENT};
    tool_result_clear(&trial.result);
    trial.result.requests_per_second = 20123.45;
    trial.result.complete = 100000;
    trial.result.waiting.sd = 1.7;
    for (int i = 0; i < PERCENTILES; i++)
        trial.result.percentile_ms[i] = i / 7.0;
    return trial;
}

static struct trial failed_trial(void)
{
    struct trial trial = {.round = 2,
                          .verdict = VERDICT_INVALID,
                          .reason = alloc_copy("said \"no\"\n and \xff\x01 odd bytes")};
    tool_result_clear(&trial.result);
    return trial;
}

/* With every digit that a figure may have. */
static struct slice good_slice(void)
{
    return (struct slice){.round = 12,
                          .block = 999,
                          .seconds = 0.123,
                          .wall_s = 0.1345678912,
                          .server_cpu_s = 0.06543211234,
                          .client_cpu_s = 0.08765432112,
                          .machine_cpu_s = 0.16,
                          .steal_s = 0.01,
                          .harness_cpu_s = 0.0001234567891,
                          .complete = 12000,
                          .accepted = 12049,
                          .time_ms = {NAN, NAN, NAN, NAN},
                          .lateness_ms = NAN};
}

/* One of a load with a rate has times, too. */
static struct slice paced_slice(void)
{
    struct slice slice = good_slice();
    slice.time_ms[TIME_P50] = 0.061;
    slice.time_ms[TIME_P99] = 0.25;
    slice.time_ms[TIME_P999] = 1.5;
    slice.time_ms[TIME_MAX] = 2;
    slice.lateness_ms = 0.012;
    slice.rate = 4000;
    return slice;
}

static struct slice last_slice(void)
{
    return (struct slice){.round = 2,
                          .block = 1,
                          .reason = alloc_copy("the server ended: \"\xff\""),
                          .last = true,
                          .unable = true,
                          .time_ms = {NAN, NAN, NAN, NAN},
                          .lateness_ms = NAN,
                          .seconds = NAN,
                          .wall_s = NAN,
                          .server_cpu_s = NAN,
                          .client_cpu_s = NAN,
                          .machine_cpu_s = NAN,
                          .steal_s = NAN,
                          .harness_cpu_s = NAN,
                          .complete = NAN,
                          .accepted = NAN};
}

static const struct holding some_memory = {
    .round = 3,
    .before = {.own_kb = 900, .kernel_kb = {4, 5000.5, 64, 128}},
    .held = {.own_kb = 1234.5, .kernel_kb = {8, 6000, 80, NAN}, .of_machine = true}};

static struct load small_load(void)
{
    return (struct load){.name = alloc_copy("c50"),
                         .title = alloc_copy("ab -c 50 -n 100000"),
                         .tool = alloc_copy("ab"),
                         .path = alloc_copy("/"),
                         .requests = 100000,
                         .concurrency = 50,
                         .keepalive = true,
                         .slice = 800,
                         .priming = 3000,
                         .timeout = 120};
}

/* How it was sliced, and what came of it. */
static void add_slices(struct run *run)
{
    struct slice slice = good_slice(), last = last_slice(), paced = paced_slice();
    run->slicings = alloc_zeroed(1, sizeof *run->slicings);
    run->slicings[0] = (struct slicing){.requests = 12000, .blocks = 999, .start_s = 1.5};
    run->slicings[0].shares = alloc_zeroed(1, sizeof(struct share));
    run->slicings[0].shares[0] = (struct share){700, 64, 4, 0.25, 1234.5};
    run_add_slice(run, &slice);
    run_add_slice(run, &last);
    run_add_slice(run, &paced);
}

static struct run small_run(void)
{
    struct run run = {.seed = 12345678,
                      .rounds = 12,
                      .trials_each = 2,
                      .round_s = 16.5,
                      .wall_s = 12.5,
                      .throttled_s = 0.5};
    run.started = alloc_copy("2026-01-02T03:04:05Z");
    run.suite = (struct suite){.name = alloc_copy("small"),
                               .about = alloc_copy(""),
                               .rounds = 2,
                               .trials_each = 3,
                               .round_s = 1.5,
                               .loads = alloc_zeroed(1, sizeof(struct load)),
                               .load_count = 1};
    run.suite.loads[0] = small_load();
    run.machine = alloc_zeroed(1, sizeof *run.machine);
    run.machine[run.machine_count++] =
        (struct fact){alloc_copy("CPU"), alloc_copy("a \"fast\" one")};
    run.servers = alloc_zeroed(1, sizeof *run.servers);
    run.servers[run.server_count++] = (struct run_server){.name = alloc_copy("epoll"),
                                                          .path = alloc_copy("/x/epoll"),
                                                          .about = alloc_copy("e"),
                                                          .cores = alloc_copy("all")};
    struct trial good = good_trial();
    struct trial failed = failed_trial();
    add_slices(&run);
    run_add_holding(&run, &some_memory);
    run_add_note(&run, "no cgroup");
    run_add_client(&run, "me@one");
    run_add_client(&run, "two");
    run.address = alloc_copy("10.0.0.1");
    run_add_trial(&run, &good);
    run_add_trial(&run, &failed);
    return run;
}

/* ---- a folder with a record ---- */

struct folder {
    char path[64];
    char record[96];
};

static void folder_open(struct folder *folder)
{
    snprintf(folder->path, sizeof folder->path, "/tmp/record_test.XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->record, sizeof folder->record, "%s/record.jsonl", folder->path);
}

static void folder_close(const struct folder *folder)
{
    unlink(folder->record);
    assert_int_equal(rmdir(folder->path), 0);
}

static void folder_put(const struct folder *folder, const char *text, size_t size)
{
    FILE *file = fopen(folder->record, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The whole record of small_run, as text; owned by the caller. */
static char *record_text(size_t *size)
{
    struct err err;
    char *text = NULL;
    struct run run = small_run();
    FILE *file = open_memstream(&text, size);
    assert_int_equal(record_write_head(file, &run, &err), 0);
    for (size_t i = 0; i < run.trial_count; i++)
        assert_int_equal(record_write_trial(file, &run, &run.trials[i], &err), 0);
    assert_int_equal(record_write_slicing(file, &run, 0, &err), 0);
    for (size_t i = 0; i < run.slice_count; i++)
        assert_int_equal(record_write_slice(file, &run.slices[i], &err), 0);
    assert_int_equal(record_write_holding(file, &run.holdings[0], &err), 0);
    assert_int_equal(record_write_end(file, &run, &err), 0);
    fclose(file);
    run_free(&run);
    return text;
}

static void check_clients(const struct run *run)
{
    assert_int_equal(run->client_count, 2);
    assert_string_equal(run->clients[0], "me@one");
    assert_string_equal(run->clients[1], "two");
    assert_string_equal(run->address, "10.0.0.1");
}

static void check_trials(const struct run *run)
{
    const struct trial *good = &run->trials[0];
    assert_int_equal(run->trial_count, 2);
    assert_string_equal(run->servers[0].cores, "all");
    assert_null(run->servers[0].blocks);
    assert_int_equal(good->verdict, VERDICT_VALID);
    assert_int_equal(good->bound, BOUND_CLIENT);
    assert_string_equal(good->command, "ab -q");
    assert_true(good->result.requests_per_second == 20123.45);
    assert_true(good->result.waiting.sd == 1.7);
    assert_true(isnan(good->result.connect.mean));
    assert_true(fabs(good->result.percentile_ms[99] - 99 / 7.0) < 1e-8);
    assert_int_equal(good->result.complete, 100000);
    assert_int_equal(good->result.failed, -1);
    assert_true(isnan(good->server_busy));
    assert_null(good->reason);
    assert_int_equal(run->trials[1].verdict, VERDICT_INVALID);
    assert_string_equal(run->trials[1].reason, "said \"no\"\n and ?\x01 odd bytes");
    assert_true(isnan(run->trials[1].result.requests_per_second));
}

static bool is_same(double a, double b)
{
    return isnan(a) ? isnan(b) : fabs(a - b) <= 1e-9 * fabs(a);
}

static void check_slice(const struct slice *slice, const struct slice *expected)
{
    assert_int_equal(slice->server, expected->server);
    assert_int_equal(slice->load, expected->load);
    assert_int_equal(slice->round, expected->round);
    assert_int_equal(slice->block, expected->block);
    assert_int_equal(slice->last, expected->last);
    assert_true(is_same(slice->seconds, expected->seconds));
    assert_true(is_same(slice->wall_s, expected->wall_s));
    assert_true(is_same(slice->server_cpu_s, expected->server_cpu_s));
    assert_true(is_same(slice->client_cpu_s, expected->client_cpu_s));
    assert_true(is_same(slice->machine_cpu_s, expected->machine_cpu_s));
    assert_true(is_same(slice->steal_s, expected->steal_s));
    assert_true(is_same(slice->harness_cpu_s, expected->harness_cpu_s));
    assert_true(is_same(slice->complete, expected->complete));
    assert_true(is_same(slice->accepted, expected->accepted));
    assert_true(is_same(slice->lateness_ms, expected->lateness_ms));
    assert_int_equal(slice->rate, expected->rate);
    assert_int_equal(slice->unable, expected->unable);
    for (size_t i = 0; i < TIMES_KEPT; i++)
        assert_true(is_same(slice->time_ms[i], expected->time_ms[i]));
}

static void check_slices(const struct run *run)
{
    struct slice good = good_slice(), last = last_slice(), paced = paced_slice();
    assert_int_equal(run->slice_count, 3);
    check_slice(&run->slices[0], &good);
    check_slice(&run->slices[1], &last);
    check_slice(&run->slices[2], &paced);
    assert_null(run->slices[0].reason);
    assert_string_equal(run->slices[1].reason, "the server ended: \"?\"");
    assert_int_equal(run->slicings[0].requests, 12000);
    assert_int_equal(run->slicings[0].blocks, 999);
    assert_true(run->slicings[0].start_s == 1.5);
    struct share share = slicing_share(&run->slicings[0], 0);
    assert_int_equal(share.requests, 700);
    assert_int_equal(share.lead_in, 64);
    assert_int_equal(share.every, 4);
    assert_true(share.takes_s == 0.25);
    assert_true(share.rate == 1234.5);
    free(last.reason);
}

static void check_footprint(const struct footprint *footprint,
                            const struct footprint *expected)
{
    assert_true(footprint->own_kb == expected->own_kb);
    assert_int_equal(footprint->of_machine, expected->of_machine);
    for (size_t i = 0; i < KERNEL_PARTS; i++)
        assert_true(is_same(footprint->kernel_kb[i], expected->kernel_kb[i]));
}

static void check_holdings(const struct run *run)
{
    assert_int_equal(run->holding_count, 1);
    assert_int_equal(run->holdings[0].round, some_memory.round);
    check_footprint(&run->holdings[0].before, &some_memory.before);
    check_footprint(&run->holdings[0].held, &some_memory.held);
}

static void a_run_comes_back_as_it_was(void **state)
{
    (void)state;
    struct err err;
    struct run run;
    struct folder folder;
    size_t size;
    char *text = record_text(&size);
    folder_open(&folder);
    folder_put(&folder, text, size);
    assert_int_equal(record_read(&run, folder.path, &err), 0);
    assert_int_equal(run.seed, 12345678);
    assert_int_equal(run.rounds, 12);
    assert_int_equal(run.trials_each, 2);
    assert_true(run.round_s == 16.5);
    assert_int_equal(run.suite.trials_each, 3);
    assert_true(run.suite.round_s == 1.5);
    assert_true(run.finished);
    assert_true(run.wall_s == 12.5);
    assert_true(run.throttled_s == 0.5);
    assert_string_equal(run.started, "2026-01-02T03:04:05Z");
    assert_string_equal(run.suite.loads[0].title, "ab -c 50 -n 100000");
    assert_true(run.suite.loads[0].keepalive);
    assert_int_equal(run.suite.loads[0].slice, 800);
    assert_null(run.suite.compare_from);
    assert_string_equal(run.machine[0].value, "a \"fast\" one");
    assert_int_equal(run.note_count, 1);
    check_clients(&run);
    check_trials(&run);
    check_slices(&run);
    check_holdings(&run);
    run_free(&run);
    folder_close(&folder);
    free(text);
}

/* A run has some ten thousand of them. */
static void a_slice_is_a_short_line(void **state)
{
    (void)state;
    struct err err;
    char *text = NULL;
    size_t size;
    struct slice slice = good_slice();
    slice.server = 11;
    slice.load = 10;
    FILE *file = open_memstream(&text, &size);
    assert_int_equal(record_write_slice(file, &slice, &err), 0);
    fclose(file);
    assert_in_range(size, 150, 260);
    free(text);
}

/* It goes on with more, and is not finished then. */
static void a_resumed_run_has_the_later_numbers(void **state)
{
    (void)state;
    struct err err;
    struct run run = small_run(), back;
    struct folder folder;
    size_t size;
    char *text = NULL;
    FILE *file = open_memstream(&text, &size);
    assert_int_equal(record_write_head(file, &run, &err), 0);
    assert_int_equal(record_write_end(file, &run, &err), 0);
    run.rounds = 20;
    run.trials_each = 4;
    run.round_s = 9;
    run_add_note(&run, "it went on");
    assert_int_equal(record_write_resume(file, &run, 1, &err), 0);
    assert_int_equal(record_write_slice(file, &run.slices[0], &err), 0);
    fclose(file);
    folder_open(&folder);
    folder_put(&folder, text, size);
    assert_int_equal(record_read(&back, folder.path, &err), 0);
    assert_int_equal(back.rounds, 20);
    assert_int_equal(back.trials_each, 4);
    assert_true(back.round_s == 9);
    assert_false(back.finished);
    assert_true(isnan(back.wall_s));
    assert_int_equal(back.slice_count, 1);
    assert_int_equal(back.note_count, 2);
    assert_int_equal(back.slicings[0].requests, 0); /* not known in this record */
    run_free(&back);
    run_free(&run);
    folder_close(&folder);
    free(text);
}

/* A crash can end the record anywhere: whatever was whole before is there, and what is cut
 * is named. */
static void a_record_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct folder folder;
    size_t size;
    char *text = record_text(&size);
    size_t head = (size_t)(strchr(text, '\n') - text);
    folder_open(&folder);
    for (size_t cut = 0; cut < size; cut += 1 + size / 97) {
        struct err err;
        struct run run;
        folder_put(&folder, text, cut);
        int result = record_read(&run, folder.path, &err);
        assert_int_equal(result, cut < head ? -1 : 0);
        if (result == 0) {
            bool between_lines =
                cut == head || text[cut - 1] == '\n' || text[cut] == '\n';
            assert_int_equal(run.note_count, between_lines ? 1 : 2);
            assert_false(run.finished);
            run_free(&run);
        }
    }
    folder_close(&folder);
    free(text);
}

/* ---- lines that cannot be used ---- */

static const struct {
    const char *line;
    const char *note; /* a part of it */
} bad_lines[] = {
    {"garbage", "record.jsonl:2: left out: not JSON"},
    {"{}", "unknown type"},
    {"[1,2]", "unknown type"},
    {"{\"type\":\"trial\"}", "no field 'server'"},
    {"{\"type\":\"trial\",\"server\":7}", "'server' is of another type"},
    {"{\"type\":\"trial\",\"server\":\"epoll\",\"load\":\"c50\",\"round\":\"1\"}",
     "'round' is of another type"},
    {"{\"type\":\"slice\"}", "no field 'round'"},
    {"{\"type\":\"slicing\"}", "'load' is not a place in the head's list"},
    {"{\"type\":\"run\"}", "unknown type"},
    {"{\"type\":\"end\",\"type\":\"end\"}", "not JSON"},
};

static void a_bad_line_is_left_out_and_named(void **state)
{
    (void)state;
    size_t size;
    char *text = record_text(&size);
    char *rest = strchr(text, '\n') + 1;
    struct folder folder;
    folder_open(&folder);
    for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++) {
        struct err err;
        struct run run;
        char *changed =
            alloc_format("%.*s%s\n%s", (int)(rest - text), text, bad_lines[i].line, rest);
        folder_put(&folder, changed, strlen(changed));
        assert_int_equal(record_read(&run, folder.path, &err), 0);
        assert_int_equal(run.note_count, 2);
        if (!strstr(run.notes[1], bad_lines[i].note))
            fail_msg("%s", run.notes[1]);
        check_clients(&run);
        check_trials(&run);
        check_slices(&run);
        run_free(&run);
        free(changed);
    }
    folder_close(&folder);
    free(text);
}

#define HEAD                                                                             \
    "{\"type\":\"run\",\"version\":2,\"started\":\"x\",\"seed\":1,\"rounds\":2,"         \
    "\"trials\":2,"                                                                      \
    "\"round_s\":1"

static const struct {
    const char *text;
    const char *reason; /* a part of it */
} bad_records[] = {
    {"", "it is empty"},
    {"\n", "not JSON"},
    {"{\"type\":\"trial\"}\n", "does not begin with"},
    {"{\"type\":\"run\"}\n", "no 'started'"},
    {"{\"type\":\"run\",\"started\":\"x\",\"seed\":1}\n", "another version of abacus"},
    {HEAD "}\n", "no field 'name'"},
    {"{\"type\":\"run\",\"version\":2,\"started\":\"x\",\"seed\":1,\"rounds\":2}\n",
     "'trials' is not a whole number"},
    {"{\"type\":\"run\",\"version\":2,\"started\":\"x\",\"seed\":1,\"rounds\":2,"
     "\"trials\":2}"
     "\n",
     "no 'round_s'"},
    {HEAD
     ",\"suite\":{\"name\":\"s\",\"about\":\"\",\"rounds\":1,\"trials\":1,\"round_s\":1,"
     "\"compare_from\":null,\"compare_to\":null,\"loads\":[{\"name\":\"c\","
     "\"title\":\"t\",\"tool\":\"ab\",\"path\":\"/\",\"requests\":1,\"seconds\":null,"
     "\"timeout\":120,\"concurrency\":1,\"keepalive\":false,\"slice\":0,\"priming\":0}]},"
     "\"machine\":{},\"servers\":[{\"name\":\"a\"}]}\n",
     "no field 'path'"},
};

static void a_record_without_a_head_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct run run;
    struct folder folder;
    folder_open(&folder);
    assert_int_equal(record_read(&run, folder.path, &err), -1);
    assert_non_null(strstr(err.text, "No such file"));
    for (size_t i = 0; i < sizeof bad_records / sizeof *bad_records; i++) {
        folder_put(&folder, bad_records[i].text, strlen(bad_records[i].text));
        assert_int_equal(record_read(&run, folder.path, &err), -1);
        assert_non_null(strstr(err.text, bad_records[i].reason));
    }
    folder_close(&folder);
}

/* One line says so: what it holds was measured in another way. */
static void a_record_of_version_1_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct run run;
    struct folder folder;
    size_t size;
    char *text = record_text(&size);
    char *version = strstr(text, "\"version\":2");
    assert_non_null(version);
    version[strlen("\"version\":")] = '1';
    folder_open(&folder);
    folder_put(&folder, text, size);
    assert_int_equal(record_read(&run, folder.path, &err), -1);
    assert_non_null(strstr(err.text, "of another version of abacus"));
    assert_null(strchr(err.text, '\n'));
    assert_true(strlen(err.text) < 200);
    folder_close(&folder);
    free(text);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct err err;
    struct run run = small_run();
    FILE *full = fopen("/dev/full", "we");
    assert_non_null(full);
    assert_int_equal(record_write_head(full, &run, &err), -1);
    assert_non_null(strstr(err.text, "No space left"));
    fclose(full);
    run_free(&run);
}

/* No byte of it is lost, however long it is. */
static void a_long_note_is_whole(void **state)
{
    (void)state;
    char text[2001];
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\u00e4", sizeof "\u00e4");
    struct run run = {0};
    run_add_note(&run, "-%s", text);
    run_add_note(&run, "-%s", text);
    assert_int_equal(run.note_count, 1);
    assert_string_equal(run.notes[0] + 1, text);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_note_is_whole),
        cmocka_unit_test(a_run_comes_back_as_it_was),
        cmocka_unit_test(a_slice_is_a_short_line),
        cmocka_unit_test(a_resumed_run_has_the_later_numbers),
        cmocka_unit_test(a_record_may_be_cut_anywhere),
        cmocka_unit_test(a_bad_line_is_left_out_and_named),
        cmocka_unit_test(a_record_without_a_head_is_refused),
        cmocka_unit_test(a_record_of_version_1_is_refused),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
