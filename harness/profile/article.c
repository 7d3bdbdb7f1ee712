/* article.c - the second article's figures, to stand beside ours.
 * SPDX-License-Identifier: MIT */
#include "profile/article.h"

#include "base/alloc.h"
#include "base/paths.h"

#include <stdlib.h>

json_t *article_read(struct err *err)
{
    json_error_t error;
    char *path = alloc_format("%s/article.json", paths_profile());
    json_t *article = json_load_file(path, 0, &error);
    if (article && (!article_name(article) || !article_source(article))) {
        json_decref(article);
        article = NULL;
        snprintf(error.text, sizeof error.text, "no name or no source in it");
    }
    if (!article)
        err_set(err, "%s: %s", path, error.text);
    free(path);
    return article;
}

const char *article_name(const json_t *article)
{
    return json_string_value(json_object_get(article, "name"));
}

const char *article_source(const json_t *article)
{
    return json_string_value(json_object_get(article, "source"));
}

const json_t *article_part(const json_t *article, const struct part *part)
{
    return json_object_get(json_object_get(article, "parts"), part->name);
}
