/* commands.c - all commands, and what is made of the list: completions and the manual page.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/version.h"
#include "command/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command *const commands[] = {
    &command_list,    &command_suites,     &command_check,   &command_run,
    &command_report,  &command_explain,    &command_compare, &command_versus,
    &command_history, &command_profile,    &command_limits,  &command_new,
    &command_rules,   &command_completion, &command_manual,  NULL,
};

/* ---- completions ---- */

static void bash_write(void)
{
    puts("_abacus() {\n    local words");
    puts("    case ${COMP_WORDS[1]} in");
    for (size_t i = 0; commands[i]; i++) {
        printf("    %s) words='", commands[i]->name);
        for (const struct option_spec *spec = commands[i]->options; spec && spec->name;
             spec++)
            printf("--%s ", spec->name);
        puts("--color --help' ;;");
    }
    fputs("    *) words='", stdout);
    for (size_t i = 0; commands[i]; i++)
        printf("%s ", commands[i]->name);
    puts("help' ;;\n    esac");
    puts("    [ \"$COMP_CWORD\" -gt 1 ] || words=\"$words --version\"");
    puts("    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
         "        $(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -o filenames -F _abacus abacus");
}

/* A text within quotes of a shell, on one line. */
static void quoted(const char *text)
{
    putchar('\'');
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*text == '\n' ? ' ' : *text);
    putchar('\'');
}

static void fish_write(void)
{
    for (size_t i = 0; commands[i]; i++) {
        printf("complete -c abacus -n __fish_use_subcommand -a %s -d ",
               commands[i]->name);
        quoted(commands[i]->what);
        putchar('\n');
        for (const struct option_spec *spec = commands[i]->options; spec && spec->name;
             spec++) {
            printf("complete -c abacus -n '__fish_seen_subcommand_from %s' -l %s%s -d ",
                   commands[i]->name, spec->name, spec->value ? " -r" : "");
            quoted(spec->help);
            putchar('\n');
        }
    }
}

/* "--suite[what to measure]:NAME:", with what zsh reads otherwise taken out. */
static void zsh_option(const struct option_spec *spec)
{
    char *help = alloc_copy(spec->help);
    for (char *c = help; *c; c++)
        if (strchr("[]:'\n", *c))
            *c = ' ';
    printf(" '--%s[%s]%s'", spec->name, help, spec->value ? ":value:_files" : "");
    free(help);
}

static void zsh_write(void)
{
    puts("#compdef abacus\nif (( CURRENT == 2 )); then\n    compadd -- \\");
    for (size_t i = 0; commands[i]; i++)
        printf("        %s \\\n", commands[i]->name);
    puts("        help\n    return\nfi\ncase $words[2] in");
    for (size_t i = 0; commands[i]; i++) {
        printf("%s) _arguments", commands[i]->name);
        for (const struct option_spec *spec = commands[i]->options; spec && spec->name;
             spec++)
            zsh_option(spec);
        puts(" '*:file:_files' ;;");
    }
    puts("esac");
}

static int completion(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(void);
    } shells[] = {{"bash", bash_write}, {"zsh", zsh_write}, {"fish", fish_write}};
    for (size_t i = 0; argc == 2 && i < sizeof shells / sizeof *shells; i++)
        if (strcmp(argv[1], shells[i].name) == 0) {
            shells[i].write();
            return 0;
        }
    return command_fail_usage("completion takes bash, zsh or fish");
}

const struct command command_completion = {
    .name = "completion",
    .what = "a script that completes abacus' words in a shell",
    .arguments = "bash|zsh|fish",
    .more = "Example: abacus completion bash "
            ">~/.local/share/bash-completion/completions/abacus\n",
    .unwritten = 1,
    .run = completion};

/* ---- the manual page ---- */

static void mdoc_command(const struct command *command)
{
    printf(".It Cm %s", command->name);
    if (*command->arguments)
        printf(" Ar %s", command->arguments);
    putchar('\n');
    printf("%c%s.\n", toupper((unsigned char)command->what[0]), command->what + 1);
    if (command->options)
        options_mdoc(stdout, command->options);
}

static int manual(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return command_fail_usage("manual takes no arguments");
    puts(".Dd November 26, 2026\n.Dt ABACUS 1\n.Os abacus " ABACUS_VERSION);
    puts(".Sh NAME\n.Nm abacus\n.Nd measure HTTP servers that differ in their I/O model");
    puts(".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar argument ...");
    puts(".Sh DESCRIPTION\n.Nm\ndrives ApacheBench against HTTP servers side by side, "
         "and says "
         "what a request costs each\nof them, which of them differ significantly, and "
         "where it "
         "was the load tool that was measured.\n.Bl -tag -width Ds");
    for (size_t i = 0; commands[i]; i++)
        mdoc_command(commands[i]);
    puts(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev NO_COLOR\nNo colour on a "
         "terminal.\n"
         ".El");
    puts(".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\nEvery server has its figures; "
         "of\n.Cm compare\nand\n.Cm versus :\nnot worse.\n.It 1\nA server failed; of "
         "these "
         "two: worse.\n.It 2\nWrong usage; of these two: cannot tell.\n.It 130\nEnded by "
         "Ctrl-C.\n.El");
    puts(".Sh SEE ALSO\n.Xr ab 1 ,\n.Xr pace 1");
    return 0;
}

const struct command command_manual = {.name = "manual",
                                       .what = "the manual page, for man",
                                       .arguments = "",
                                       .unwritten = 1,
                                       .run = manual};
