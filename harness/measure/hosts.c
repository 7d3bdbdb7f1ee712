/* hosts.c - what a run is made on: this host, which the servers run on, and those of the load tools.
 * SPDX-License-Identifier: MIT */
#include "measure/hosts.h"

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "host/machine.h"
#include "host/remote.h"
#include "load/tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { VERSION_TIMEOUT_MS = 10000 };

static int check_tool(const struct tool *tool, size_t host, struct err *err)
{
    char output[1024];
    struct err why;
    char *argv[] = {(char *)tool->name, (char *)tool->version_option, NULL};
    if (remote_capture(host, argv, output, sizeof output, VERSION_TIMEOUT_MS, &why) < 0)
        return err_set(err, "%s (Debian's package is %s)", why.text, tool->package);
    return 0;
}

int hosts_check_tools(const struct suite *suite, struct err *err)
{
    for (size_t i = 0; tools[i]; i++)
        for (size_t host = 0; host == 0 || host < remotes_count(); host++)
            if (tool_is_used(tools[i], suite) && check_tool(tools[i], host, err) < 0)
                return -1;
    return 0;
}

/* Whether a server here could listen there. */
static int check_address(const char *address, struct err *err)
{
    static const char advice[] =
        "give an IPv4 address of this host, by which the clients "
        "reach it, with --address";
    struct sockaddr_in name = {.sin_family = AF_INET};
    if (inet_pton(AF_INET, address, &name.sin_addr) != 1 ||
        name.sin_addr.s_addr == htonl(INADDR_ANY))
        return err_set(err, "servers cannot be reached at '%s': %s", address, advice);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)&name, sizeof name);
    int reason = errno;
    if (fd >= 0)
        close(fd);
    return failed ? err_set(err, "servers cannot listen on %s (%s): %s", address,
                            strerror(reason), advice)
                  : 0;
}

int hosts_open(struct run *run, const char *address, struct err *err)
{
    if (run->client_count == 0)
        return 0;
    if (interrupt_catch(err) < 0 ||
        remotes_open(run->clients, run->client_count, err) < 0)
        return -1;
    char *chosen = alloc_copy(address ? address : remote_home(0));
    free(run->address);
    run->address = chosen;
    return check_address(chosen, err);
}

void hosts_describe(struct fact **facts, size_t *count, const struct suite *suite)
{
    machine_describe(facts, count, paths_build());
    for (size_t i = 0; i < remotes_count(); i++) {
        char *name = alloc_format("client %s", remote_name(i));
        machine_add(facts, count, name, remote_system(i));
        free(name);
    }
    tools_describe(facts, count, suite);
}

void hosts_note(struct run *run)
{
    char *names = alloc_copy(run->clients[0]);
    for (size_t i = 1; i < run->client_count; i++) {
        char *longer = alloc_format("%s, %s", names, run->clients[i]);
        free(names);
        names = longer;
    }
    run_add_note(
        run,
        "The load tools ran on %s: the servers had no network of their own, so "
        "that connections of other programs and of earlier trials are on theirs; "
        "what else ran on the clients, and between, is not known",
        names);
    free(names);
}
