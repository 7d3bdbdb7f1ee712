/* profile_test.c - a profile as it is kept: read back, refused or left out, and written as
 * text, Markdown, HTML, columns and pictures, whatever the record holds.
 * SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "golden.h"

#include "base/paths.h"
#include "profile/profile.h"

#include <sys/stat.h>

static char directory[] = "/tmp/profile_test.XXXXXX";

static void record_path(char *path, size_t size)
{
    snprintf(path, size, "%s/" STORE_NAME, directory);
}

static void record_write(const char *text)
{
    char path[64];
    record_path(path, sizeof path);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A real profile of two servers, of whose stacks the most frequent were kept. */
static char *two_servers(void)
{
    size_t size;
    return fixture_read("profile", "two", "jsonl", &size);
}

static void read_text(struct profile *profile, const char *text)
{
    struct err err;
    record_write(text);
    assert_int_equal(store_read(profile, directory, &err), 0);
}

/* ---- what is written ---- */

static char *sheet_of(const struct profile *profile, enum format format)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    struct page page = {.out = out, .format = format};
    page_heading(&page, 1, "What one request costs");
    profile_write(&page, profile, directory);
    page_block(&page, BLOCK_NONE);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Tables and columns as data, each under its name. */
static char *columns_of(const struct profile *profile)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    for (size_t i = 0; i < PARTS; i++) {
        fprintf(out, "profile-%s.csv\n", parts[i]->name);
        profile_write_csv(out, profile, parts[i]);
        if (parts[i]->plot.name) {
            fprintf(out, "%s.dat\n", parts[i]->plot.name);
            profile_write_plot(out, profile, parts[i]);
        }
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *drawing_of(const struct profile_server *server)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    part_stacks.drawing.write(out, server->server.name,
                              profile_part(server, &part_stacks), "flame-1");
    assert_int_equal(fclose(out), 0);
    return text;
}

static void written_test(void **state)
{
    (void)state;
    struct profile profile;
    char *text = two_servers();
    read_text(&profile, text);
    free(text);
    assert_int_equal(profile.note_count, 0);
    static const char *const names[] = {"profile.txt", "profile.md", "profile.html"};
    for (int format = FORMAT_TEXT; format <= FORMAT_HTML; format++) {
        char *sheet = sheet_of(&profile, (enum format)format);
        golden_check(names[format], sheet);
        free(sheet);
    }
    char *columns = columns_of(&profile);
    golden_check("profile-columns.txt", columns);
    free(columns);
    char *drawing = drawing_of(&profile.servers[0]);
    assert_int_equal(strncmp(drawing, "<svg ", strlen("<svg ")), 0);
    free(drawing);
    profile_free(&profile);
}

/* What a store writes, it reads. */
static void round_trip_test(void **state)
{
    (void)state;
    struct profile profile;
    struct err err;
    char path[64];
    char *text = two_servers();
    read_text(&profile, text);
    record_path(path, sizeof path);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(store_write_head(file, &profile, &err), 0);
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; i < profile.server_count; i++)
            assert_int_equal(store_write_part(file, &profile.servers[i], part, &err), 0);
    assert_int_equal(fclose(file), 0);
    char *before = sheet_of(&profile, FORMAT_TEXT);
    profile_free(&profile);
    assert_int_equal(store_read(&profile, directory, &err), 0);
    char *after = sheet_of(&profile, FORMAT_TEXT);
    assert_string_equal(after, before);
    profile_free(&profile);
    free(before);
    free(after);
    free(text);
}

/* ---- what cannot be used ---- */

static const char head[] =
    "{\"type\":\"profile\",\"started\":\"2026\",\"machine\":[],\"servers\":[{\"name\":"
    "\"a\",\"path\":\"/a\",\"about\":\"\",\"sha256\":\"\",\"missing\":null}]}\n";

static void lines_test(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *note; /* NULL: it is used */
    } cases[] = {
        {"{\"type\":\"part\",\"server\":\"a\",\"part\":\"memory\",\"data\":null,"
         "\"missing\":\"why\"}",
         NULL},
        {"{\"type\":\"part\",\"server\":\"a\",\"part\":\"memory\",\"data\":{}}", NULL},
        {"{\"type\":\"part\",\"server\":\"b\",\"part\":\"memory\",\"data\":{}}",
         "no known server"},
        {"{\"type\":\"part\",\"server\":\"a\",\"part\":\"nosuch\",\"data\":{}}",
         "no known server, part"},
        {"{\"type\":\"part\",\"server\":\"a\",\"part\":\"memory\",\"data\":[]}",
         "no known server, part and data"},
        {"{\"type\":\"other\"}", "a type that is not known"},
        {"{\"type\":\"profile\",\"started\":\"2027\"}", "a second head"},
        {"{}", "no field 'type'"},
        {"{\"type\":\"pa", "profile.jsonl:2: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct profile profile;
        char *text = alloc_format("%s%s\n", head, cases[i].line);
        read_text(&profile, text);
        assert_int_equal(profile.note_count, cases[i].note ? 1 : 0);
        if (cases[i].note) {
            assert_non_null(strstr(profile.notes[0], cases[i].note));
            char *sheet = sheet_of(&profile, FORMAT_TEXT);
            assert_non_null(strstr(sheet, "left out: "));
            free(sheet);
        }
        profile_free(&profile);
        free(text);
    }
}

static void no_head_test(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "{\"type\":\"part\",\"server\":\"a\",\"part\":\"memory\",\"data\":{}}\n",
        "{\"type\":\"profile\"}\n", "[]\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct profile profile;
        struct err err;
        record_write(texts[i]);
        assert_int_equal(store_read(&profile, directory, &err), -1);
        assert_non_null(strstr(err.text, "not a profile: "));
    }
}

/* A server that is not divided by phase has no row of what would be if, and no gap by phase. */
static void undivided_test(void **state)
{
    (void)state;
    static const char *const phases[] = {"accept", "read",  "handler", "write",
                                         "body",   "close", "child",   "other"};
    struct profile profile;
    char *text = two_servers();
    read_text(&profile, text);
    static const char row[] = "\nepoll   poll and accept ";
    size_t place = parts_find("phases");
    char *divided = sheet_of(&profile, FORMAT_TEXT);
    assert_non_null(strstr(divided, row));
    free(divided);
    json_t *data = profile.servers[0].data[place];
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        json_object_set_new(data, phases[i], json_null());
    json_object_set_new(data, "whole", json_string("io_uring_enter"));
    char *sheet = sheet_of(&profile, FORMAT_TEXT);
    assert_non_null(strstr(sheet, "- epoll: io_uring_enter does most of it, so its time "
                                  "is not divided."));
    assert_null(strstr(sheet, row));
    assert_null(strstr(sheet, "The gap"));
    free(sheet);
    profile_free(&profile);
    free(text);
}

/* Servers that lack a part for one reason share a line, and the rest of the table stays. */
static void missing_test(void **state)
{
    (void)state;
    struct profile profile;
    char *text = two_servers();
    read_text(&profile, text);
    for (size_t i = 0; i < profile.server_count; i++) {
        json_decref(profile.servers[i].data[0]);
        profile.servers[i].data[0] = NULL;
        profile.servers[i].missing[0] = alloc_copy("it is not installed");
    }
    char *sheet = sheet_of(&profile, FORMAT_TEXT);
    assert_non_null(strstr(sheet, " of epoll and fork: it is not installed."));
    assert_non_null(strstr(sheet, "\nSystem calls per request\n"));
    assert_null(strstr(sheet, "The gap"));
    free(sheet);
    profile_free(&profile);
    free(text);
}

/* gnuplot would take a backslash for the beginning of an escape, and a quote for the end. */
static void quoted_test(void **state)
{
    (void)state;
    struct profile profile;
    read_text(&profile,
              "{\"type\":\"profile\",\"started\":\"2026\",\"machine\":[],\"servers\":[{"
              "\"name\":"
              "\"a\\\\b\\\"c\",\"path\":\"/a\",\"about\":\"\",\"sha256\":\"\"}]}\n"
              "{\"type\":\"part\",\"server\":\"a\\\\b\\\"c\",\"part\":\"phases\","
              "\"data\":{}}\n");
    assert_int_equal(profile.note_count, 0);
    char *columns = columns_of(&profile);
    assert_non_null(strstr(columns, "\n\"a/b'c\"\t"));
    assert_non_null(strstr(columns, "\n\"a\\b\"\"c\",")); /* and for CSV */
    free(columns);
    profile_free(&profile);
}

/* A profile of so many servers, each with a part that has no figures; owned by the caller. */
static char *many_servers(int count)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    fputs("{\"type\":\"profile\",\"started\":\"2026\",\"machine\":[],\"servers\":[", out);
    for (int i = 0; i < count; i++)
        fprintf(out,
                "%s{\"name\":\"a-long-name-%d\",\"path\":\"/%d\",\"about\":\"\","
                "\"sha256\":\"\"}",
                i > 0 ? "," : "", i, i);
    fputs("]}\n", out);
    for (int i = 0; i < count; i++)
        fprintf(out,
                "{\"type\":\"part\",\"server\":\"a-long-name-%d\",\"part\":\"phases\","
                "\"data\":{}}\n",
                i);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* A table with a column for each would be too wide for a terminal. */
static void many_servers_have_several_tables(void **state)
{
    (void)state;
    struct profile profile;
    char *text = many_servers(12);
    read_text(&profile, text);
    char *sheet = sheet_of(&profile, FORMAT_TEXT);
    int tables = 0;
    for (const char *line = sheet; *line; line += strcspn(line, "\n") + 1) {
        int width = 0;
        for (const char *at = line; *at != '\n'; at++)
            width += (*at & 0xC0) != 0x80; /* not within a character of UTF-8 */
        assert_true(width <= 100);
        tables += strncmp(line, "Per request ", strlen("Per request ")) == 0;
    }
    assert_int_equal(tables, 3);
    free(sheet);
    profile_free(&profile);
    free(text);
}

/* Whatever is altered in a record, it is refused, left out or shown: the sanitizers watch. */
static void altered_test(void **state)
{
    (void)state;
    char *text = two_servers();
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i += 61) {
        struct profile profile;
        struct err err;
        char kept = text[i];
        text[i] = "9\"{}[],:-x"[i % 10];
        record_write(text);
        text[i] = kept;
        if (store_read(&profile, directory, &err) < 0)
            continue;
        free(sheet_of(&profile, FORMAT_HTML));
        free(columns_of(&profile));
        for (size_t p = 0; p < profile.server_count; p++)
            free(drawing_of(&profile.servers[p]));
        profile_free(&profile);
    }
    free(text);
}

static int set_up(void **state)
{
    (void)state;
    struct err err;
    return paths_init(&err) < 0 || !mkdtemp(directory) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    char path[64];
    record_path(path, sizeof path);
    return unlink(path) < 0 || rmdir(directory) < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_test),
        cmocka_unit_test(round_trip_test),
        cmocka_unit_test(lines_test),
        cmocka_unit_test(no_head_test),
        cmocka_unit_test(undivided_test),
        cmocka_unit_test(missing_test),
        cmocka_unit_test(altered_test),
        cmocka_unit_test(quoted_test),
        cmocka_unit_test(many_servers_have_several_tables),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
