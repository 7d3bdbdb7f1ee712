/* new.c - abacus new: a server to begin with, which passes the check.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/paths.h"
#include "base/textfile.h"
#include "command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each has its model in servers/examples/. */
static const struct language {
    const char *name, *suffix;
    bool built;           /* it belongs into servers/, where make finds it */
    const char *compiler; /* what else makes a program of it; NULL: it is one */
} languages[] = {
    {"c", "c", true, NULL},          {"python", "py", false, NULL},
    {"go", "go", false, "go build"}, {"rust", "rs", false, "rustc -O"},
    {"perl", "pl", false, NULL},
};

enum { LANGUAGES = sizeof languages / sizeof *languages };

struct options {
    const struct language *language;
};

static bool take_language(void *values, const char *name)
{
    struct options *options = values;
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(languages[i].name, name) == 0) {
            options->language = &languages[i];
            return true;
        }
    return false;
}

static const struct option_spec new_options[] = {
    {.name = "lang",
     .value = "LANGUAGE",
     .kind = OPTION_OWN,
     .take = take_language,
     .wants = "c, python, go, rust or perl",
     .help = "c (the default), python, go, rust or perl"},
    {0}};

/* It becomes the name of a file, of an executable, and of rows. */
static bool is_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    return *name && *name != '-' && name[strspn(name, letters)] == '\0';
}

/* The text with every `from` become `to`. Takes the text; the result is the caller's. */
static char *text_replace(char *text, const char *from, const char *to)
{
    char *result = alloc_copy("");
    const char *rest = text;
    for (const char *found; (found = strstr(rest, from)); rest = found + strlen(from)) {
        char *longer = alloc_format("%s%.*s%s", result, (int)(found - rest), rest, to);
        free(result);
        result = longer;
    }
    char *whole = alloc_format("%s%s", result, rest);
    free(result);
    free(text);
    return whole;
}

/* A model is called hello, and lies beside servers/core. */
static char *text_adapt(char *model, const char *file, const char *suffix)
{
    char *old_file = alloc_format("hello.%s", suffix);
    char *text = text_replace(model, old_file, file);
    free(old_file);
    return text_replace(text, "\"../core/", "\"core/");
}

static int write_new(const char *path, const char *text, bool executable, struct err *err)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0777 : 0666);
    size_t size = strlen(text);
    if (fd < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    bool whole = write(fd, text, size) == (ssize_t)size;
    int why = errno;
    if (close(fd) < 0 || !whole)
        return err_set(err, "%s: %s", path, strerror(why));
    return 0;
}

static void say_next(const char *path, const char *name, const struct language *language)
{
    printf("%s: a server that passes 'abacus check'. To measure it: ", path);
    if (language->built)
        printf("./run_all.sh epoll %s\n", name);
    else if (language->compiler)
        printf("%s %s.%s && ./run_all.sh epoll ./%s\n", language->compiler, name,
               language->suffix, name);
    else
        printf("./run_all.sh epoll ./%s.%s\n", name, language->suffix);
}

static int make_server(const char *name, const struct language *language, struct err *err)
{
    char *within = alloc_format("servers/examples/hello.%s", language->suffix);
    char *file = alloc_format("%s.%s", name, language->suffix);
    char *place = alloc_format("servers/%s", file);
    char *path = language->built ? paths_absolute(place) : alloc_copy(file);
    char *model = paths_absolute(within);
    char *text = textfile_read(model, SIZE_MAX, err);
    int failed = text ? 0 : -1;
    if (text) {
        text = text_adapt(text, file, language->suffix);
        failed = write_new(path, text, access(model, X_OK) == 0, err);
    }
    if (!failed)
        say_next(path, name, language);
    free(text);
    free(model);
    free(path);
    free(place);
    free(file);
    free(within);
    return failed;
}

static int make_new(int argc, char **argv)
{
    struct err err;
    struct options options = {.language = &languages[0]};
    int operands = command_options(&command_new, &options, argc, argv);
    if (operands < 0)
        return EXIT_USAGE;
    if (argc != operands + 1 || !is_name(argv[operands]))
        return command_fail_usage("new takes a name of small letters, digits, - and _");
    return make_server(argv[operands], options.language, &err) < 0 ? command_fail(1, &err)
                                                                   : 0;
}

const struct command command_new = {
    .name = "new",
    .what = "write a server to begin with",
    .arguments = "[--lang LANGUAGE] NAME",
    .options = new_options,
    .more = "Example: abacus new mine && make && abacus check mine\n",
    .unwritten = 1,
    .run = make_new};
