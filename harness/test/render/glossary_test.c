/* glossary_test.c - the texts of the glossary: each is there, is used, and takes its figures.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/textfile.h"
#include "render/glossary.h"

#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEYS = 200, FILE_BYTES = 1 << 20 };

struct keys {
    char list[KEYS][40];
    size_t count;
};

static bool keys_have(const struct keys *keys, const char *key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->list[i], key) == 0)
            return true;
    return false;
}

static void keys_add(struct keys *keys, const char *key, size_t length)
{
    assert_true(keys->count < KEYS && length < sizeof *keys->list);
    memcpy(keys->list[keys->count], key, length);
    keys->list[keys->count++][length] = '\0';
}

static char *read_file(const char *path)
{
    struct err err;
    char *text = textfile_read(path, FILE_BYTES, &err);
    if (!text)
        fail_msg("%s: %s", path, err.text);
    return text;
}

/* What a line that is neither indented nor a comment says. */
static void keys_read(struct keys *keys)
{
    char *text = read_file("harness/render/glossary.txt");
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (*line && !strchr(" #\n", *line))
            keys_add(keys, line, strcspn(line, "\n"));
    }
    free(text);
}

/* The keys that a file names: glossary_item(page, "KEY", and the like. */
static void keys_find(struct keys *keys, const char *path)
{
    char *text = read_file(path);
    for (char *call = text; (call = strstr(call, "glossary_"));) {
        call += strlen("glossary_");
        const char *key = strchr(call, '"');
        size_t name = strcspn(call, "(");
        bool is_call = name == strlen("text") || name == strlen("entry");
        if (is_call && key && key < strchr(call, ';') && strchr(key + 1, '"'))
            keys_add(keys, key + 1, strcspn(key + 1, "\""));
    }
    free(text);
}

static void each_text_is_used_and_there(void **state)
{
    (void)state;
    struct keys there = {0}, used = {0};
    glob_t files;
    keys_read(&there);
    assert_int_equal(glob("harness/*/*.c", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        keys_find(&used, files.gl_pathv[i]);
    globfree(&files);
    assert_true(used.count > 10);
    for (size_t i = 0; i < used.count; i++)
        if (!keys_have(&there, used.list[i]))
            fail_msg("'%s' is used, and has no text", used.list[i]);
    for (size_t i = 0; i < there.count; i++)
        if (!keys_have(&used, there.list[i]))
            fail_msg("'%s' has a text that nobody uses", there.list[i]);
}

static void takes_its_figures(void **state)
{
    (void)state;
    char *text = glossary_entry("bound-server", "{} 90", NULL);
    assert_non_null(strstr(text, "It used {} 90 % or more of the CPU time"));
    assert_null(strchr(text, '\n'));
    assert_null(strstr(text, "  "));
    free(text);
}

/* Whether the program ends as it should by a mistake in it. */
static bool ends(const char *key, const char *figure)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        free(glossary_entry(key, figure, NULL));
        _exit(0);
    }
    return waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

static void a_mistake_ends_the_program(void **state)
{
    (void)state;
    assert_true(ends("no such key", NULL));
    assert_true(ends("bound-server", NULL));
    assert_true(ends("capacity", "1"));
    assert_false(ends("capacity", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_used_and_there),
        cmocka_unit_test(takes_its_figures),
        cmocka_unit_test(a_mistake_ends_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
