/* suite_read.c - a suite out of an INI file: each fault is told with its line.
 * SPDX-License-Identifier: MIT */
#include "load/suite_read.h"

#include "base/alloc.h"
#include "load/key.h"
#include "load/tool.h"

#include <errno.h>
#include <glob.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what makes a suite one ---- */

/* A tool that keeps connections is told to close them. */
static const char *title_end(const struct load *load)
{
    if (load->keepalive)
        return ", keep-alive";
    return tool_find(load->tool)->keeps ? ", Connection: close" : "";
}

char *load_title(const struct load *load)
{
    const char *path = strcmp(load->path, "/") == 0 ? "" : load->path;
    const char *blank = *path ? " " : "";
    char *rate =
        load->rate ? alloc_format(" -R %d", load->rate)
        : load->slo
            ? alloc_format(" at the highest rate with 99 %% within %d ms", load->slo)
            : alloc_copy("");
    char *idle = load->idle ? alloc_format(", beside %d idle connections", load->idle)
                            : alloc_copy("");
    char *amount = tool_find(load->tool)->timed ? alloc_format("-d %.0fs", load->seconds)
                                                : alloc_format("-n %ld", load->requests);
    char *title =
        alloc_format("%s%s -c %d %s%s%s%s%s", load->tool, rate, load->concurrency, amount,
                     blank, path, title_end(load), idle);
    free(amount);
    free(idle);
    free(rate);
    return title;
}

int load_check(const struct load *load, struct err *err)
{
    bool timed = tool_find(load->tool)->timed;
    if (load->concurrency == 0)
        return err_set(err, "load '%s' has no concurrency", load->name);
    if (timed && (load->seconds == 0 || load->requests != 0))
        return err_set(err,
                       "load '%s': %s counts time, so give it seconds, and no requests",
                       load->name, load->tool);
    if (!timed && (load->requests == 0 || load->seconds != 0))
        return err_set(err,
                       "load '%s': %s counts requests, so give it requests, and no "
                       "seconds",
                       load->name, load->tool);
    if (load->slice != 0 && (timed || load->concurrency > load->slice))
        return err_set(err,
                       "load '%s': a slice of %ld requests needs a load tool that counts "
                       "requests, and no more concurrency",
                       load->name, load->slice);
    if ((load->rate != 0 || load->slo != 0) && !tool_find(load->tool)->paced)
        return err_set(err, "load '%s': %s cannot send at a rate; pace can", load->name,
                       load->tool);
    if (load->rate != 0 && load->slo != 0)
        return err_set(err, "load '%s': its rate is given, or found by slo, not both",
                       load->name);
    if ((load->rate != 0 || load->slo != 0) && load->clients > 1)
        return err_set(err, "load '%s': a rate is one client's, not that of %d",
                       load->name, load->clients);
    if (load->clients > load->concurrency)
        return err_set(err, "load '%s' has more clients (%d) than connections (%d)",
                       load->name, load->clients, load->concurrency);
    if (!timed && load->concurrency > load->requests)
        return err_set(err, "load '%s' has more concurrency (%d) than requests (%ld)",
                       load->name, load->concurrency, load->requests);
    return 0;
}

int suite_check(const struct suite *suite, struct err *err)
{
    for (size_t i = 0; i < suite->load_count; i++) {
        const struct load *load = &suite->loads[i];
        if (!tool_find(load->tool))
            return err_set(err, "load '%s': unknown tool '%s'", load->name, load->tool);
        if (keys_check_numbers(load, err) < 0 || load_check(load, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- reading ---- */

/* A suite being read. */
struct reader {
    struct suite *suite;
    struct err *err;
    const char *path;
    FILE *file;
    int line;         /* the line that was read last */
    bool failed;      /* err is set */
    bool heading;     /* that line, or one since, began a section: no key of it yet */
    int section_line; /* where the section began */
    const struct key *keys;       /* that the section may have; NULL before the first */
    void *fields;                 /* what its keys' offsets count from */
    unsigned seen;                /* its keys so far, one bit each */
    int suite_line, compare_line; /* where those sections began; 0: not met */
};

/* Sets the reason, and returns 0, as inih wants it of a handler that failed. */
static int fail(struct reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail(struct reader *reader, int line, const char *format, ...)
{
    char reason[400]; /* shorter than an err, which also has the place */
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    err_set(reader->err, "%s:%d: %s", reader->path, line, reason);
    reader->failed = true;
    return 0;
}

static int key_unknown(struct reader *reader, const char *name)
{
    char names[160] = "";
    for (const struct key *key = reader->keys; key->name; key++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, " %s", key->name);
    }
    return fail(reader, reader->line, "unknown key '%s'; keys here:%s", name, names);
}

static int key_read(struct reader *reader, const char *name, const char *value)
{
    for (const struct key *key = reader->keys; key->name; key++) {
        unsigned bit = 1u << (key - reader->keys);
        if (strcmp(key->name, name) != 0)
            continue;
        if (reader->seen & bit)
            return fail(reader, reader->line, "%s is given twice in its section", name);
        reader->seen |= bit;
        struct err why;
        if (key_set(key, reader->fields, value, reader->path, &why) < 0)
            return fail(reader, reader->line, "%s", why.text);
        return 1;
    }
    return key_unknown(reader, name);
}

static struct load *load_add(struct suite *suite, const char *name)
{
    suite->loads =
        alloc_resize(suite->loads, suite->load_count + 1, sizeof *suite->loads);
    struct load *load = &suite->loads[suite->load_count++];
    *load = (struct load){
        .name = alloc_copy(name),
        .tool = alloc_copy("ab"),
        .path = alloc_copy("/"),
        .priming = 3000,
        .timeout = 120,
    };
    return load;
}

/* A load's name becomes a part of file names and a column in CSV. */
static bool name_fits(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-_.";
    size_t length = strlen(name);
    return length > 0 && length <= 32 && strspn(name, allowed) == length;
}

static int load_begin(struct reader *reader, const char *name)
{
    if (!name_fits(name))
        return fail(reader, reader->section_line,
                    "'%s' cannot name a load: 1 to 32 letters, digits, - _ .", name);
    if (suite_load(reader->suite, name))
        return fail(reader, reader->section_line, "load '%s' is there twice", name);
    if (reader->suite->load_count == LOADS_MAX)
        return fail(reader, reader->section_line,
                    "this is one load more than %d: make two suites of it", LOADS_MAX);
    reader->fields = load_add(reader->suite, name);
    reader->keys = load_keys;
    return 1;
}

static int server_begin(struct reader *reader, const char *name)
{
    struct suite *suite = reader->suite;
    if (!name_fits(name))
        return fail(reader, reader->section_line,
                    "'%s' cannot name a server: 1 to 32 letters, digits, - _ .", name);
    if (suite_server(suite, name))
        return fail(reader, reader->section_line, "server '%s' is there twice", name);
    suite->servers =
        alloc_resize(suite->servers, suite->server_count + 1, sizeof *suite->servers);
    struct suite_server *server = &suite->servers[suite->server_count++];
    *server = (struct suite_server){.name = alloc_copy(name)};
    reader->fields = server;
    reader->keys = server_keys;
    return 1;
}

static int single_begin(struct reader *reader, const char *name, const struct key *keys,
                        int *line)
{
    if (*line != 0)
        return fail(reader, reader->section_line, "[%s] is there twice", name);
    *line = reader->section_line;
    reader->fields = reader->suite;
    reader->keys = keys;
    return 1;
}

static int section_begin(struct reader *reader, const char *name)
{
    static const char load[] = "load ";
    static const char server[] = "server ";
    reader->heading = false;
    reader->seen = 0;
    if (strcmp(name, "suite") == 0)
        return single_begin(reader, name, suite_keys, &reader->suite_line);
    if (strcmp(name, "compare") == 0)
        return single_begin(reader, name, compare_keys, &reader->compare_line);
    if (strncmp(name, load, strlen(load)) == 0)
        return load_begin(reader, name + strlen(load));
    if (strncmp(name, server, strlen(server)) == 0)
        return server_begin(reader, name + strlen(server));
    return fail(reader, reader->section_line,
                "unknown section [%s]; there are: [suite] [load NAME] [server NAME] "
                "[compare]",
                name);
}

/* inih calls this for every key = value, and never for a section as such. */
static int pair_read(void *user, const char *section, const char *name, const char *value)
{
    struct reader *reader = user;
    if (reader->heading && !section_begin(reader, section))
        return 0;
    if (!reader->keys)
        return fail(reader, reader->line, "'%s' stands before any [section]", name);
    return key_read(reader, name, value);
}

static int load_end(struct reader *reader, struct load *load)
{
    struct err why;
    if (load_check(load, &why) < 0)
        return fail(reader, reader->section_line, "%s", why.text);
    if (!load->title)
        load->title = load_title(load);
    return 1;
}

static int server_end(struct reader *reader, const struct suite_server *server)
{
    if (!server->program)
        return fail(reader, reader->section_line, "server '%s' has no program",
                    server->name);
    return 1;
}

static int section_end(struct reader *reader)
{
    if (reader->heading)
        return fail(reader, reader->section_line, "this section has no keys");
    if (reader->keys == load_keys)
        return load_end(reader, reader->fields);
    if (reader->keys == server_keys)
        return server_end(reader, reader->fields);
    return 1;
}

/* What editors write that is no text as inih reads it. `line` was blank before it was read: so a
 * NUL behind the first is one of the file. */
static bool is_text(struct reader *reader, const char *line, size_t size)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t length = strlen(line);
    if (reader->line == 1 && strncmp(line, mark, strlen(mark)) == 0)
        return fail(reader, 1, "a byte-order mark: save the file as UTF-8 without it");
    if (memchr(line + length + 1, '\0', size - length - 1))
        return fail(reader, reader->line, "a NUL byte: save the file as UTF-8 text");
    return true;
}

/* inih's way to the next line, as fgets. It merges sections of one name and drops empty
 * ones, so the headings are noticed here. A NULL ends the parse. */
static char *line_read(char *line, int size, void *stream)
{
    struct reader *reader = stream;
    memset(line, ' ', (size_t)size);
    if (reader->failed || !fgets(line, size, reader->file))
        return NULL;
    reader->line++;
    if (!is_text(reader, line, (size_t)size))
        return NULL;
    if (!strchr(line, '\n') && !feof(reader->file)) {
        fail(reader, reader->line, "this line is longer than %d bytes", size - 2);
        return NULL;
    }
    if (line[strspn(line, " \t")] != '[')
        return line;
    if (!section_end(reader))
        return NULL;
    reader->heading = true;
    reader->section_line = reader->line;
    return line;
}

static int compare_check(struct reader *reader)
{
    const struct suite *suite = reader->suite;
    const char *names[] = {suite->compare_from, suite->compare_to};
    if (reader->compare_line == 0)
        return 1;
    for (size_t i = 0; i < 2; i++) {
        if (!names[i])
            return fail(reader, reader->compare_line, "[compare] needs both from and to");
        if (!suite_load(suite, names[i]))
            return fail(reader, reader->compare_line,
                        "[compare] names '%s', but there is no [load %s]", names[i],
                        names[i]);
    }
    if (strcmp(names[0], names[1]) == 0)
        return fail(reader, reader->compare_line, "[compare] names '%s' twice", names[0]);
    return 1;
}

static int file_end(struct reader *reader)
{
    if (ferror(reader->file))
        return fail(reader, reader->line, "cannot read on: %s", strerror(errno));
    if (!section_end(reader))
        return 0;
    if (reader->suite->load_count == 0)
        return fail(reader, reader->line, "a suite needs at least one [load NAME]");
    return compare_check(reader);
}

/* One pair a line, and the first error ends it: inih would else take an indented line for
 * more of the value above. */
static int file_read(struct reader *reader)
{
    ini_allow_multiline = false;
    ini_allow_bom = false;
    ini_stop_on_first_error = true;

    int line = ini_parse_stream(line_read, reader, pair_read, reader);
    if (line > 0 && !reader->failed)
        fail(reader, line, "this is neither [section] nor key = value");
    return !reader->failed && file_end(reader) ? 0 : -1;
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* "dir/quick.ini" is "quick". */
static char *name_make(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = alloc_copy(slash ? slash + 1 : path);
    if (ends_in(name, ".ini"))
        name[strlen(name) - strlen(".ini")] = '\0';
    return name;
}

/* Says which names there are. */
static int name_unknown(const char *directory, const char *name, struct err *err)
{
    char *pattern = alloc_format("%s/*.ini", directory);
    char names[256] = "";
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            char *each = name_make(found.gl_pathv[i]);
            size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, " %s", each);
            free(each);
        }
        globfree(&found);
    }
    free(pattern);
    return err_set(err, "no suite '%s' in %s; there are:%s", name, directory,
                   names[0] ? names : " none");
}

static int path_read(struct suite *suite, const char *path, FILE *file, struct err *err)
{
    *suite = (struct suite){
        .name = name_make(path),
        .about = alloc_copy(""),
        .rounds = ROUNDS_DEFAULT,
        .trials_each = TRIALS_DEFAULT,
        .round_s = ROUND_S_DEFAULT,
        .trial_s = TRIAL_S_DEFAULT,
    };
    struct reader reader = {.suite = suite, .err = err, .path = path, .file = file};
    int status = file_read(&reader);
    if (status < 0)
        suite_free(suite);
    return status;
}

int suite_read(struct suite *suite, const char *directory, const char *name_or_path,
               struct err *err)
{
    bool is_path = strchr(name_or_path, '/') || ends_in(name_or_path, ".ini");
    char *path = is_path ? alloc_copy(name_or_path)
                         : alloc_format("%s/%s.ini", directory, name_or_path);
    int status = -1;
    FILE *file = fopen(path, "re");
    if (file) {
        status = path_read(suite, path, file, err);
        fclose(file);
    } else if (errno == ENOENT && !is_path) {
        name_unknown(directory, name_or_path, err);
    } else {
        err_set(err, "cannot read suite %s: %s", path, strerror(errno));
    }
    free(path);
    return status;
}
