/* profile.c - abacus profile: what one request costs and where its time goes.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/paths.h"
#include "command/command.h"
#include "measure/folder.h"
#include "profile/sheet.h"
#include "profile/sitting.h"
#include "profile/store.h"
#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes the servers, and leaves the portraits to their owner. */
static void take_servers(struct profile *profile, struct run_server *servers,
                         size_t count)
{
    *profile =
        (struct profile){.portraits = alloc_zeroed(count + 1, sizeof *profile->portraits),
                         .portrait_count = count};
    for (size_t i = 0; i < count; i++)
        profile->portraits[i].server = servers[i];
    free(servers);
}

static bool has_profile(const char *folder)
{
    char *path = alloc_format("%s/" STORE_NAME, folder);
    bool has = access(path, F_OK) == 0;
    free(path);
    return has;
}

/* A run's folder takes its profile, too: the page then shows both. */
static char *choose_folder(const char *wanted, struct err *err)
{
    struct stat status;
    char *record = wanted ? alloc_format("%s/record.jsonl", wanted) : NULL;
    bool is_run = record && stat(record, &status) == 0;
    free(record);
    if (wanted && has_profile(wanted)) {
        err_set(err, "%s: there is a profile in it already", wanted);
        return NULL;
    }
    return is_run ? alloc_copy(wanted) : folder_create(paths_results(), wanted, err);
}

int command_show_profile(const char *folder, struct err *err)
{
    struct profile profile;
    if (store_read(&profile, folder, err) < 0)
        return -1;
    int failed = sheet_render(&profile, folder, paths_plots(), err);
    profile_free(&profile);
    command_print_file(folder, "profile.txt");
    return failed;
}

/* 0 if all that was asked for was had: a server's missing part is only told. */
static int profile_servers(struct profile *profile, const char *folder)
{
    struct err err;
    int measured = sitting_hold(profile, folder, &err);
    if (measured < 0)
        command_fail(1, &err);
    int shown = command_show_profile(folder, &err);
    if (shown < 0)
        command_fail(1, &err);
    printf("\nAll of it: %s\n", folder);
    return measured < 0 || shown < 0;
}

int command_profile(int argc, char **argv)
{
    struct err err;
    struct run_server *servers;
    size_t count;
    struct profile profile;
    const char *out = NULL;
    if (argc > 1 && strcmp(argv[1], "--out") == 0) {
        if (argc < 3)
            return command_fail_usage("profile: --out takes a folder");
        out = argv[2];
        argc -= 2;
        argv += 2;
    }
    if (argc > 1 && argv[1][0] == '-')
        return command_fail_usage("profile: its only option is --out DIR");
    if (server_find(&servers, &count, paths_servers(), argv + 1, (size_t)argc - 1, &err) <
        0)
        return command_fail(EXIT_USAGE, &err);
    take_servers(&profile, servers, count);
    char *folder = choose_folder(out, &err);
    int status = folder ? profile_servers(&profile, folder) : command_fail(1, &err);
    profile_free(&profile);
    free(folder);
    return status;
}
