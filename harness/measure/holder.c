/* holder.c - idle connections that are held beside a load, by pace.
 * SPDX-License-Identifier: MIT */
#include "measure/holder.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    READY_TIMEOUT_S = 120, /* fork takes a minute for 60,000 */
    STOP_TIMEOUT_MS = 5000,
};

static void command_make(struct tool_command *command, const struct entrant *entrant)
{
    const struct load *load = entrant->load;
    const struct server *server = &entrant->box.server;
    *command = (struct tool_command){0};
    tool_command_add(command, alloc_copy("pace"));
    tool_command_add(command, alloc_copy("--hold"));
    tool_command_add(command, alloc_copy("--idle"));
    tool_command_add(command, alloc_format("%d", load->idle));
    tool_command_add(
        command, alloc_format("http://%s:%d%s", server->host, server->port, load->path));
}

/* "holding 128 of 1000 idle connections after 3.0 s: Connection timed out", or what is wrong. */
static int understand(const char *line, int idle, struct err *err)
{
    int held;
    if (sscanf(line, "holding %d of", &held) != 1)
        return err_set(err, "idle connections: %s", line);
    if (held == idle)
        return 0;
    const char *why = strstr(line, " s: ");
    err_set(err, "it holds %d of %d idle connections%s%s", held, idle, why ? ": " : "",
            why ? why + strlen(" s: ") : "");
    return 1;
}

int holder_start(struct holder *holder, const struct entrant *entrant, struct err *err)
{
    struct tool_command command;
    int ends[2];
    char line[256] = "";
    if (entrant->load->idle == 0)
        return 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_set(err, "pipe: %s", strerror(errno));
    command_make(&command, entrant);
    int failed = entrant_start_tool(entrant, &holder->proc, &command, 0, ends[1], err);
    holder->running = !failed;
    close(ends[1]);
    if (!failed)
        proc_read_line(ends[0], line, sizeof line, clock_now() + READY_TIMEOUT_S);
    line[strcspn(line, "\n")] = '\0';
    if (!failed && !*line)
        failed = err_set(err, "idle connections: pace said nothing");
    close(ends[0]);
    tool_command_free(&command);
    return failed ? -1 : understand(line, entrant->load->idle, err);
}

void holder_stop(struct holder *holder)
{
    if (holder->running)
        proc_stop(&holder->proc, STOP_TIMEOUT_MS, &(bool){false});
    holder->running = false;
}
