/* option_test.c - options: what each kind takes, what is said of a wrong one, and the help.
 * SPDX-License-Identifier: MIT */
#include "base/nearest.h"
#include "base/option.h"

#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct values {
    bool flag;
    const char *text;
    int count;
    double number, share;
    unsigned long long seed;
    char letter;
};

static bool take_letter(void *values, const char *text)
{
    ((struct values *)values)->letter = text[0];
    return strlen(text) == 1;
}

#define AT(field) offsetof(struct values, field)

static const struct option_spec specs[] = {
    {.name = "flag", .kind = OPTION_FLAG, .where = AT(flag), .help = "a flag"},
    {.name = "text",
     .value = "T",
     .kind = OPTION_TEXT,
     .where = AT(text),
     .help = "a text"},
    {.name = "count",
     .letter = 'c',
     .value = "N",
     .kind = OPTION_COUNT,
     .where = AT(count),
     .least = 1,
     .most = 9,
     .help = "a count,\nin two lines"},
    {.name = "number",
     .value = "N",
     .kind = OPTION_NUMBER,
     .where = AT(number),
     .least = 0.5,
     .most = 2,
     .help = "a number"},
    {.name = "share",
     .value = "5%",
     .kind = OPTION_SHARE,
     .where = AT(share),
     .help = "a share"},
    {.name = "seed",
     .value = "N",
     .kind = OPTION_SEED,
     .where = AT(seed),
     .help = "a seed"},
    {.name = "letter",
     .value = "L",
     .kind = OPTION_OWN,
     .take = take_letter,
     .wants = "one letter",
     .help = "a letter"},
    {0}};

enum { WORDS = 10 };

/* Reads a line of words, parted by blanks; the operands' place, or -1. */
static int read_line(struct values *values, const char *line, struct err *err)
{
    static char copy[200]; /* values borrow from it */
    char *argv[WORDS + 1] = {"it"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", line);
    char *rest = copy;
    for (char *word; argc < WORDS && (word = strsep(&rest, " "));)
        if (*word)
            argv[argc++] = word;
    optind = 0; /* glibc: from the start again */
    *values = (struct values){0};
    return options_read("it", specs, values, argc, argv, err);
}

static void each_kind_is_taken(void **state)
{
    (void)state;
    struct err err;
    struct values values;
    assert_int_equal(read_line(&values, "--flag --text=x -c 3 operand", &err), 5);
    assert_true(values.flag);
    assert_string_equal(values.text, "x");
    assert_int_equal(values.count, 3);
    assert_int_equal(
        read_line(&values, "--number 1.5 --share 5% --seed 12 --letter q", &err), 9);
    assert_true(values.number == 1.5 && values.share == 0.05);
    assert_true(values.seed == 12 && values.letter == 'q');
    assert_int_equal(read_line(&values, "--share 0.25", &err), 3);
    assert_true(values.share == 0.25);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *line, *said;
    } cases[] = {
        {"--cuont 3", "it: unknown option --cuont; did you mean --count?"},
        {"--nothing=3", "it: unknown option --nothing"},
        {"-x", "it: unknown option -x"},
        {"--count", "it: --count takes a value"},
        {"--flag=yes", "it: --flag takes no value"},
        {"--count 10", "--count takes a whole number from 1 to 9"},
        {"--count 3x", "--count takes a whole number from 1 to 9"},
        {"--number 0.1", "--number takes a number from 0.5 to 2"},
        {"--share 5", "--share takes a share, such as 5% or 0.05"},
        {"--share 0%", "--share takes a share, such as 5% or 0.05"},
        {"--seed 0", "--seed takes a whole number from 1"},
        {"--letter no", "--letter takes one letter"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        struct values values;
        assert_int_equal(read_line(&values, cases[i].line, &err), -1);
        assert_string_equal(err.text, cases[i].said);
    }
}

static void the_help_is_aligned(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    options_help(out, specs);
    fclose(out);
    assert_non_null(strstr(text, "  --flag         a flag\n"));
    assert_non_null(
        strstr(text, "  -c, --count N  a count,\n                 in two lines\n"));
    free(text);
}

static void near_is_at_most_two_letters(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("rnu", "run", "report"), "run");
    assert_string_equal(nearest_of("report", "run", "report"), "report");
    assert_null(nearest_of("measure", "run", "report"));
    assert_null(nearest_of("x", NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_taken),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(the_help_is_aligned),
        cmocka_unit_test(near_is_at_most_two_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
