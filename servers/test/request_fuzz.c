/* request_fuzz.c - a libFuzzer target: whatever a client sends, and in whatever pieces, it gets
 * the same bytes back, and the sanitizers have nothing to say.
 * SPDX-License-Identifier: MIT */
#include "drive.h"

#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    response_setup();
    return 0;
}

/* The first two bytes say how the rest is cut into pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct drive whole = {
        .input = (const char *)data + 2,
        .length = size - 2,
        .first = size,
        .piece = size,
        .take = SIZE_MAX,
    };
    struct drive pieces = whole;
    pieces.first = 1 + data[0];
    pieces.piece = 1 + data[1];
    pieces.take = 1 + (size_t)data[0] * data[1];
    struct driven one = drive_run(&whole), other = drive_run(&pieces);
    if (one.length != other.length ||
        (one.length > 0 && memcmp(one.output, other.output, one.length) != 0))
        abort();
    free(one.output);
    free(other.output);
    return 0;
}
