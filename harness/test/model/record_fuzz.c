/* record_fuzz.c - a libFuzzer target: whatever a record holds, it is refused with a reason or
 * shown, and the sanitizers have nothing to say.
 * SPDX-License-Identifier: MIT */
#include "model/record.h"
#include "render.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {""};
    struct run run;
    FILE *file = size > 0 ? fmemopen((void *)data, size, "r") : NULL;
    if (!file)
        return 0;
    if (record_parse(&run, file, &err) == 0) {
        size_t length;
        char *text = render_run(&run, &length);
        if (length == 0)
            abort();
        free(text);
        run_free(&run);
    } else if (!*err.text) {
        abort();
    }
    fclose(file);
    return 0;
}
