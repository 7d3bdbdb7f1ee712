/* valgrind.c - what valgrind's tools wrote: callgrind of the cost of each function, with whose
 * code it is, and DHAT of what was allocated.
 * SPDX-License-Identifier: MIT
 *
 * callgrind's format is that of the manual, "Callgrind Format Specification": lines that name
 * where the following costs belong (ob, fl, fn; fi and fe only inlined code's file), lines of a
 * position and its costs, and, after a line "calls=", one line of the callee's cost, which is
 * counted where it arises and therefore left out here. */
#include "profile/valgrind.h"

#include "base/alloc.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 16, POSITIONS_MAX = 2, NAMES_MAX = 1 << 20 };

/* "(12) name" defines a name, "(12)" means it again; one such list for each kind of name. */
struct names {
    char **list; /* each owned, or NULL */
    size_t count;
};

enum kind { OBJECT, SOURCE, FUNCTION, KINDS };

struct reader {
    struct tally *costs;
    struct names names[KINDS];
    char *here[KINDS];   /* of the lines of cost; owned, never NULL */
    char *callee[KINDS]; /* of the next line "calls="; NULL: as here */
    char *inlined;       /* the file that inlined code comes from; NULL: as here */
    int positions;       /* how many numbers a line of cost begins with */
    int instructions;    /* which of its costs are the instructions; -1: none */
    int system_calls;    /* the same of system calls */
    bool skip;           /* the next line is a callee's cost */
    bool summed;         /* the last part was whole */
};

static struct tally_row *cost_of(const struct reader *reader, const char *function,
                                 const char *file, const char *object)
{
    return tally_row(reader->costs, (const char *const[TALLY_NAMES]){
                                        [COST_FUNCTION] = function,
                                        [COST_FILE] = file,
                                        [COST_OBJECT] = object,
                                    });
}

/* ---- names ---- */

static void text_set(char **text, const char *value)
{
    char *copy = alloc_copy(value);
    free(*text);
    *text = copy;
}

static void names_set(struct names *names, size_t number, const char *name)
{
    if (number >= names->count) {
        size_t more = 2 * number + 64;
        names->list = alloc_resize(names->list, more, sizeof *names->list);
        for (size_t i = names->count; i < more; i++)
            names->list[i] = NULL;
        names->count = more;
    }
    text_set(&names->list[number], name);
}

/* The name that a text stands for, borrowed; NULL: a number that stands for nothing. Some
 * names begin with a parenthesis themselves: "(below main)". */
static const char *names_resolve(struct names *names, const char *text)
{
    char *end = NULL;
    size_t number = *text == '(' ? strtoul(text + 1, &end, 10) : 0;
    if (!end || end == text + 1 || *end != ')')
        return text;
    if (number >= NAMES_MAX)
        return NULL;
    if (end[1] != '\0')
        names_set(names, number, end + 1 + strspn(end + 1, " "));
    return number < names->count ? names->list[number] : NULL;
}

/* ---- lines ---- */

/* Behind "KEY=" or "KEY: "; NULL: it is another line. */
static const char *value_of(const char *line, const char *key)
{
    size_t length = strlen(key);
    return strncmp(line, key, length) == 0 ? line + length : NULL;
}

/* The lines that say where costs belong. Where inlined code comes from does not matter for
 * its own cost, which is the function's; but callees are named relative to it. */
static const struct place {
    const char *key;
    enum kind kind;
    bool callee, inlined;
} places[] = {
    {.key = "ob=", .kind = OBJECT},
    {.key = "fl=", .kind = SOURCE},
    {.key = "fn=", .kind = FUNCTION},
    {.key = "fi=", .kind = SOURCE, .inlined = true},
    {.key = "fe=", .kind = SOURCE, .inlined = true},
    {.key = "cob=", .kind = OBJECT, .callee = true},
    {.key = "cfi=", .kind = SOURCE, .callee = true},
    {.key = "cfl=", .kind = SOURCE, .callee = true},
    {.key = "cfn=", .kind = FUNCTION, .callee = true},
};

/* 1: it was such a line; 0: it was not; -1: its name is not known. */
static int read_place(struct reader *reader, const char *line)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct place *place = &places[i];
        const char *text = value_of(line, place->key);
        if (!text)
            continue;
        const char *name = names_resolve(&reader->names[place->kind], text);
        if (!name)
            return -1;
        if (place->inlined)
            text_set(&reader->inlined, name);
        else
            text_set(place->callee ? &reader->callee[place->kind]
                                   : &reader->here[place->kind],
                     name);
        if (place->kind == SOURCE && !place->callee && !place->inlined)
            text_set(&reader->inlined, name);
        return 1;
    }
    return 0;
}

/* "calls=COUNT POSITION": whom, the lines before have said. */
static int read_calls(struct reader *reader, const char *text)
{
    char **callee = reader->callee;
    char *end;
    double calls = strtod(text, &end);
    if (end == text || !callee[FUNCTION])
        return -1;
    const char *source = callee[SOURCE] ? callee[SOURCE] : reader->inlined;
    cost_of(reader, callee[FUNCTION], source ? source : reader->here[SOURCE],
            callee[OBJECT] ? callee[OBJECT] : reader->here[OBJECT])
        ->counts[COST_CALLS] += calls;
    for (int kind = 0; kind < KINDS; kind++) {
        free(callee[kind]);
        callee[kind] = NULL;
    }
    reader->skip = true;
    return 1;
}

/* The number of words in front of `word`, or -1. */
static int word_place(const char *words, const char *word)
{
    int place = 0;
    for (size_t length; *(words += strspn(words, " ")); words += length, place++) {
        length = strcspn(words, " ");
        if (length == strlen(word) && strncmp(words, word, length) == 0)
            return place;
    }
    return -1;
}

/* 1: it was a line of the head that matters; 0: it was not. */
static int read_head(struct reader *reader, const char *line)
{
    const char *text;
    if ((text = value_of(line, "events:"))) {
        reader->instructions = word_place(text, "Ir");
        reader->system_calls = word_place(text, "sysCount");
    } else if ((text = value_of(line, "positions:"))) {
        reader->positions = word_place(text, "line") > 0 ? 2 : 1;
    } else if (value_of(line, "part:")) {
        reader->summed = false;
    } else if (value_of(line, "totals:")) {
        reader->summed = true;
    } else {
        return 0;
    }
    return 1;
}

/* "POSITION... COST...": costs at the end that are 0 are left out. Positions may be "+3",
 * "-3", "*" or hexadecimal: they are passed over. */
static int read_cost(struct reader *reader, const char *line)
{
    double values[EVENTS_MAX] = {0};
    int count = 0;
    for (int i = 0; i < reader->positions; i++) {
        line += strcspn(line, " ");
        line += strspn(line, " ");
    }
    for (char *end; *line && count < EVENTS_MAX; line = end + strspn(end, " "), count++) {
        values[count] = strtod(line, &end);
        if (end == line)
            return -1;
    }
    if (reader->skip || reader->instructions < 0) {
        reader->skip = false;
        return 1;
    }
    struct tally_row *cost = cost_of(reader, reader->here[FUNCTION], reader->here[SOURCE],
                                     reader->here[OBJECT]);
    cost->counts[COST_INSTRUCTIONS] += values[reader->instructions % EVENTS_MAX];
    if (reader->system_calls >= 0)
        cost->counts[COST_SYSTEM_CALLS] += values[reader->system_calls % EVENTS_MAX];
    return 1;
}

static bool is_cost(const char *line)
{
    return strchr("+-*0123456789", *line) && *line;
}

/* -1: the line cannot be understood. Lines of a kind not known are for others. */
static int read_line(void *to, char *line)
{
    struct reader *reader = to;
    line[strcspn(line, "\r")] = '\0';
    const char *calls = value_of(line, "calls=");
    if (calls)
        return read_calls(reader, calls);
    if (is_cost(line))
        return read_cost(reader, line);
    int done = read_place(reader, line);
    return done ? done : read_head(reader, line);
}

/* ---- the file ---- */

static void reader_open(struct reader *reader, struct tally *costs)
{
    *reader = (struct reader){
        .costs = costs, .positions = 1, .instructions = -1, .system_calls = -1};
    for (int kind = 0; kind < KINDS; kind++)
        reader->here[kind] = alloc_copy("");
}

static void reader_close(struct reader *reader)
{
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < reader->names[kind].count; i++)
            free(reader->names[kind].list[i]);
        free(reader->names[kind].list);
        free(reader->here[kind]);
        free(reader->callee[kind]);
    }
    free(reader->inlined);
}

int callgrind_read(struct tally *costs, const char *path, struct err *err)
{
    struct reader reader;
    reader_open(&reader, costs);
    int failed = lines_read_path(path, read_line, &reader, err);
    if (!failed && !reader.summed)
        failed = err_set(err, "%s: no totals at its end: it was cut off", path);
    reader_close(&reader);
    return failed;
}

/* ---- whose code it is ---- */

const char *const group_names[GROUPS] = {
    [GROUP_SERVER] = "server's own code",
    [GROUP_READER] = "request reader",
    [GROUP_RESPONSES] = "responses",
    [GROUP_LIBRARY] = "event library",
    [GROUP_LIBC] = "libc",
    [GROUP_LINKER] = "dynamic linker",
    [GROUP_OTHER] = "other",
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* glibc was several libraries before 2.34, of which the older programs still know. */
static bool is_libc(const char *library)
{
    static const char *const libraries[] = {"libc.so", "libc-2",   "libpthread",
                                            "libm.so", "librt",    "libdl",
                                            "ld-musl", "libc.musl"};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (begins(library, libraries[i]))
            return true;
    return false;
}

static enum group group_of_core(const char *file)
{
    return begins(last_part(file), "request") ? GROUP_READER : GROUP_RESPONSES;
}

enum group group_of(const char *object, const char *file)
{
    const char *name = last_part(object);
    if (!*name || begins(name, "???"))
        return GROUP_OTHER;
    if (is_libc(name))
        return GROUP_LIBC;
    if (begins(name, "ld-linux") || begins(name, "ld-2") || begins(name, "ld.so"))
        return GROUP_LINKER;
    if (strstr(name, ".so"))
        return GROUP_LIBRARY;
    return strstr(file, "servers/core/") ? group_of_core(file) : GROUP_SERVER;
}

enum group group_find(const char *name)
{
    for (int group = 0; group < GROUPS; group++)
        if (name && strcmp(group_names[group], name) == 0)
            return (enum group)group;
    return GROUP_OTHER;
}

/* ---- DHAT ---- */

enum { DHAT_VERSION = 2 };

static void heap_count(struct tally *heap, const char *function, const char *callers,
                       double blocks, double bytes)
{
    struct tally_row *site =
        tally_row(heap, (const char *const[TALLY_NAMES]){function, callers, ""});
    site->counts[SITE_BLOCKS] += blocks;
    site->counts[SITE_BYTES] += bytes;
}

void heap_add_excess(struct tally *heap, const struct tally *child,
                     const struct tally *parent)
{
    for (size_t i = 0; i < child->count; i++) {
        const struct tally_row *site = &child->rows[i];
        const char *const *names = (const char *const *)site->names;
        const struct tally_row *same = tally_find(parent, names);
        double blocks =
            site->counts[SITE_BLOCKS] - (same ? same->counts[SITE_BLOCKS] : 0);
        double bytes = site->counts[SITE_BYTES] - (same ? same->counts[SITE_BYTES] : 0);
        if (blocks > 0)
            heap_count(heap, names[SITE_FUNCTION], names[SITE_CALLERS], blocks, bytes);
    }
}

/* "0x10A900: room_make (epoll.c:78)" without its address, which differs from run to run. */
static const char *frame_place(const char *frame)
{
    const char *colon = strncmp(frame, "0x", 2) == 0 ? strstr(frame, ": ") : NULL;
    return colon ? colon + 2 : frame;
}

/* How long a function's name is, without the file that stands behind it in brackets. */
static size_t name_length(const char *place)
{
    const char *file = strrchr(place, '(');
    return file && file > place ? (size_t)(file - place) - 1 : strlen(place);
}

/* "evbuffer_new (in /usr/lib/libevent.so.7)" is "evbuffer_new (libevent.so.7)"; owned by the
 * caller. */
static char *function_text(const char *frame)
{
    const char *place = frame_place(frame);
    size_t length = name_length(place);
    const char *folder =
        strncmp(place + length, " (in ", 5) == 0 ? strrchr(place, '/') : NULL;
    return folder ? alloc_format("%.*s (%s", (int)length, place, folder + 1)
                  : alloc_copy(place);
}

/* The tool's own malloc and its kin, which stand between the program and DHAT. */
static bool is_allocator(const char *frame)
{
    return strstr(frame, "/vgpreload_") || strcmp(frame, "[root]") == 0;
}

/* Frame `i` of a program point, or NULL: what is no index into the table of frames. */
static const char *point_frame(const json_t *point, const json_t *frames, size_t i)
{
    const json_t *index = json_array_get(json_object_get(point, "fs"), i);
    return json_is_integer(index) ? json_string_value(json_array_get(
                                        frames, (size_t)json_integer_value(index)))
                                  : NULL;
}

/* Appends a function's name alone; one that is not known says nothing. */
static char *callers_append(char *callers, const char *frame)
{
    const char *place = frame_place(frame);
    if (strncmp(place, "???", 3) == 0)
        return callers;
    char *longer = alloc_format("%s%s%.*s", callers, *callers ? " < " : "",
                                (int)name_length(place), place);
    free(callers);
    return longer;
}

/* Counts one program point: its totals, under the first function that is not the tool's. */
static int heap_point(struct tally *heap, const json_t *point, const json_t *frames)
{
    const json_t *bytes = json_object_get(point, "tb");
    const json_t *blocks = json_object_get(point, "tbk");
    size_t depth = json_array_size(json_object_get(point, "fs"));
    if (!json_is_integer(bytes) || !json_is_integer(blocks) || depth == 0)
        return -1;
    char *function = NULL;
    char *callers = alloc_copy("");
    const char *frame = "";
    for (size_t i = 0; i < depth && frame; i++) {
        frame = point_frame(point, frames, i);
        if (frame && function)
            callers = callers_append(callers, frame);
        else if (frame && !is_allocator(frame))
            function = function_text(frame);
    }
    if (frame)
        heap_count(heap, function ? function : "(not known)", callers,
                   (double)json_integer_value(blocks), (double)json_integer_value(bytes));
    free(function);
    free(callers);
    return frame ? 0 : -1;
}

static int heap_points(struct tally *heap, const json_t *root, const char *path,
                       struct err *err)
{
    const json_t *points = json_object_get(root, "pps");
    const json_t *frames = json_object_get(root, "ftbl");
    if (json_integer_value(json_object_get(root, "dhatFileVersion")) != DHAT_VERSION)
        return err_set(err, "%s: not a DHAT file of version %d", path, DHAT_VERSION);
    if (!json_is_array(points) || !json_is_array(frames))
        return err_set(err, "%s: no program points (pps), or no frames (ftbl)", path);
    for (size_t i = 0; i < json_array_size(points); i++)
        if (heap_point(heap, json_array_get(points, i), frames) < 0)
            return err_set(err, "%s: program point %zu is not as DHAT writes them", path,
                           i);
    return 0;
}

int heap_read(struct tally *heap, const char *path, struct err *err)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    *heap = (struct tally){0};
    if (!root)
        return err_set(err, "%s:%d: %s", path, error.line, error.text);
    int failed = heap_points(heap, root, path, err);
    json_decref(root);
    if (failed)
        tally_free(heap);
    return failed;
}
