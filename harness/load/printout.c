/* printout.c - what a load tool printed, as lines that are looked up by how they begin and
 * end.
 * SPDX-License-Identifier: MIT */
#include "load/printout.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char BLANKS[] = " \t\r";

static void line_add(struct printout *printout, const char *line)
{
    size_t count = printout->count + 1;
    printout->lines = alloc_resize(printout->lines, count, sizeof *printout->lines);
    printout->lines[printout->count] = alloc_copy(line + strspn(line, BLANKS));
    printout->count = count;
}

static void lines_read(struct printout *printout, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, file)) > 0 && line[length - 1] == '\n') {
        line[length - 1] = '\0';
        line_add(printout, line);
    }
    free(line);
}

int printout_read(struct printout *printout, const char *path, struct err *err)
{
    *printout = (struct printout){0};
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, "cannot read %s: %s", path, strerror(errno));

    lines_read(printout, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    fclose(file);
    if (!failed)
        return 0;
    printout_free(printout);
    return err_set(err, "cannot read %s: %s", path, strerror(reason));
}

void printout_free(struct printout *printout)
{
    for (size_t i = 0; i < printout->count; i++)
        free(printout->lines[i]);
    free(printout->lines);
    *printout = (struct printout){0};
}

static bool line_matches(const char *line, const char *label, const char *unit)
{
    size_t length = strlen(line), head = strlen(label), tail = strlen(unit);
    return length >= head + tail && strncmp(line, label, head) == 0 &&
           strcmp(line + length - tail, unit) == 0;
}

const char *printout_line(const struct printout *printout, const char *label,
                          const char *unit)
{
    for (size_t i = 0; i < printout->count; i++)
        if (line_matches(printout->lines[i], label, unit))
            return printout->lines[i];
    return NULL;
}

static bool has_negative(const char *line)
{
    for (const char *dash = line; (dash = strchr(dash, '-')); dash++)
        if (dash > line && strchr(" \t,", dash[-1]) && dash[1] >= '0' && dash[1] <= '9')
            return true;
    return false;
}

const char *printout_negative(const struct printout *printout)
{
    for (size_t i = 0; i < printout->count; i++)
        if (printout->lines[i][0] != '$' && has_negative(printout->lines[i]))
            return printout->lines[i];
    return NULL;
}

bool printout_value(const struct printout *printout, const char *label, const char *unit,
                    char *value, size_t size)
{
    const char *line = printout_line(printout, label, unit);
    if (!line)
        return false;

    const char *end = line + strlen(line) - strlen(unit);
    line += strlen(label);
    line += strspn(line, BLANKS);
    while (end > line && strchr(BLANKS, end[-1]))
        end--;
    size_t length = end > line ? (size_t)(end - line) : 0;
    if (length >= size)
        return false;
    memcpy(value, line, length);
    value[length] = '\0';
    return true;
}

size_t printout_words(char *text, char **words, size_t size)
{
    size_t count = 0;
    char *rest;
    for (char *word = strtok_r(text, " ,\t", &rest); word;
         word = strtok_r(NULL, " ,\t", &rest)) {
        if (count < size)
            words[count] = word;
        count++;
    }
    return count;
}
