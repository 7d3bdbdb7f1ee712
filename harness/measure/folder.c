/* folder.c - a run's folder: results/<UTC time>-<host>/, and results/latest.
 * SPDX-License-Identifier: MIT */
#include "measure/folder.h"

#include "base/alloc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct tm utc_now(void)
{
    struct tm utc;
    time_t now = time(NULL);
    gmtime_r(&now, &utc);
    return utc;
}

char *folder_time_now(void)
{
    char text[64];
    struct tm utc = utc_now();
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return alloc_copy(text);
}

/* A host may have any name; that of a folder is plain. */
static void make_plain(char *name)
{
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
            *name = '-';
}

static char *default_name(const char *results)
{
    char host[65] = "host";
    char text[64];
    struct tm utc = utc_now();
    gethostname(host, sizeof host - 1);
    make_plain(host);
    strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    return alloc_format("%s/%s-%s", results, text, host);
}

/* A folder that is there already will do. */
static int make_directory(const char *path, struct err *err)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return 0;
    return err_set(err, "%s: %s (choose another folder with --out)", path,
                   strerror(errno));
}

static bool is_link_or_nothing(const char *path)
{
    struct stat status;
    return lstat(path, &status) < 0 || S_ISLNK(status.st_mode);
}

/* Replaced in one step, so that it is never missing; it is a convenience, and its failure no
 * reason not to measure. */
void folder_point_latest(const char *results, const char *folder)
{
    char *link = alloc_format("%s/latest", results);
    char *fresh = alloc_format("%s/latest.new", results);
    unlink(fresh);
    if (is_link_or_nothing(link) && symlink(strrchr(folder, '/') + 1, fresh) == 0 &&
        rename(fresh, link) < 0)
        unlink(fresh);
    free(link);
    free(fresh);
}

/* A lock, which lasts as long as this process: the descriptor stays open until then. */
static int claim(const char *folder, struct err *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, "%s: %s", folder, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    int why = errno;
    close(fd);
    if (why == EWOULDBLOCK)
        return err_set(err, "%s: another abacus is at work in it", folder);
    return err_set(err, "%s: cannot be locked: %s", folder, strerror(why));
}

static int fill(const char *folder, struct err *err)
{
    if (make_directory(folder, err) < 0 || claim(folder, err) < 0)
        return -1;
    char *record = alloc_format("%s/record.jsonl", folder);
    char *packed = alloc_format("%s/record.jsonl.gz", folder);
    char *raw = alloc_format("%s/raw", folder);
    int failed = access(record, F_OK) == 0 || access(packed, F_OK) == 0
                     ? err_set(err, "%s: there is a run in it already", folder)
                     : make_directory(raw, err);
    free(record);
    free(packed);
    free(raw);
    return failed;
}

char *folder_create(const char *results, const char *wanted, struct err *err)
{
    char *folder = wanted ? alloc_copy(wanted) : default_name(results);
    if ((!wanted && make_directory(results, err) < 0) || fill(folder, err) < 0) {
        free(folder);
        return NULL;
    }
    return folder;
}

char *folder_reopen(const char *folder, struct err *err)
{
    return claim(folder, err) < 0 ? NULL : alloc_copy(folder);
}
