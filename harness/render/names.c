/* names.c - servers' names in tables and sentences.
 * SPDX-License-Identifier: MIT */
#include "render/names.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { LABEL_COLUMNS = 24 };

struct label name_label(const char *name)
{
    struct label label;
    char *clean = utf8_clean(name);
    char *cut = utf8_shorten(clean, LABEL_COLUMNS);
    snprintf(label.text, sizeof label.text, "%s", cut);
    free(cut);
    free(clean);
    return label;
}

void names_add(struct names *names, const char *name)
{
    names->labels = alloc_resize(names->labels, names->count + 1, sizeof *names->labels);
    names->labels[names->count++] = alloc_copy(name_label(name).text);
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->labels[i]);
    free(names->labels);
    *names = (struct names){0};
}

char *names_join(const struct names *names)
{
    char *joined = alloc_copy("");
    for (size_t i = 0; i < names->count; i++) {
        const char *between = ", ";
        if (i == 0)
            between = "";
        else if (i + 1 == names->count)
            between = " and ";
        char *longer = alloc_format("%s%s%s", joined, between, names->labels[i]);
        free(joined);
        joined = longer;
    }
    return joined;
}
