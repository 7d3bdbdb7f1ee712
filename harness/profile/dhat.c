/* dhat.c - what a program has allocated, by the place in its code: read from what
 * valgrind's DHAT writes, and added and subtracted like a number.
 * SPDX-License-Identifier: MIT */
#include "profile/dhat.h"

#include "base/alloc.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- DHAT's file ---- */

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
