/* broken_server.c - a server that keeps the contract, but for the way in which the environment
 * variable BROKEN says that it is to break it. One child per connection, on stdio: nothing to
 * measure, much to go wrong.
 * SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HEAD_MAX = 8192,
    PAGE_SIZE = 51200,
    FEW = 20,
    WAIT_MS = 1000,
    LOG_LINE = 20000,
    HELD_MS = 100
};

/* Of the proof that bad servers are found out: how many requests its load has, after how many
 * the server ends or stops, how long it then stands still, and how late it closes. */
enum { LOAD = 400, LAST = 500, STILL_S = 3, LATE_US = 200000 };

/* After how many it does: BROKEN_WHEN may be another number. */
static int last_number(void)
{
    const char *when = getenv("BROKEN_WHEN");
    long number = when ? strtol(when, NULL, 10) : 0;
    return number > 0 ? (int)number : LAST;
}

static bool broken(const char *way)
{
    const char *chosen = getenv("BROKEN");
    return chosen && strcmp(chosen, way) == 0;
}

/* The same for request `number`, since BROKEN_WHEN says at which ones: "load" are those that
 * come between the first request, a probe, and the last, another; "100th" is every hundredth;
 * without it it is all. */
static bool broken_at(const char *way, int number)
{
    const char *when = getenv("BROKEN_WHEN");
    if (when && strcmp(when, "load") == 0)
        return broken(way) && number > 1 && number <= 1 + LOAD;
    if (when && strcmp(when, "100th") == 0)
        return broken(way) && number % 100 == 0;
    return broken(way);
}

/* The whole server goes down, not only the child that serves a connection. */
static _Noreturn void crash(void)
{
    kill(0, SIGKILL);
    abort();
}

/* ---- requests ---- */

/* How many have been read, by all children together. */
static atomic_int *requests_read;

struct request {
    char method[16];
    char target[64];
    int major;
    int minor;
    int hosts;
    bool keep;               /* the client asked to keep the connection */
    bool close;              /* the client asked to close it */
    bool body;               /* one is announced */
    bool unknown_coding;     /* it has one that nobody knows */
    int number;              /* 1 for the first that the server read */
    size_t left;             /* bytes that its head may still have */
    size_t listed;           /* bytes of `list` */
    char list[8 * HEAD_MAX]; /* its fields as rows of an HTML table */
};

/* A line of the head without its end; it lasts until the next. NULL: end of file, or the head
 * is too long, and then nothing is left. */
static char *line_read(struct request *request, FILE *in)
{
    static char *line;
    static size_t capacity;
    ssize_t n = getline(&line, &capacity, in);
    if (n <= 0)
        return NULL;
    if ((size_t)n > request->left) {
        request->left = 0;
        return NULL;
    }
    request->left -= (size_t)n;
    line[--n] = '\0';
    if (n > 0 && line[n - 1] == '\r')
        line[n - 1] = '\0';
    else if (broken("bare LF"))
        crash();
    return line;
}

static void list_add(struct request *request, const char *text, bool escaped)
{
    for (; *text; text++) {
        const char *entity = *text == '<'   ? "&lt;"
                             : *text == '>' ? "&gt;"
                             : *text == '&' ? "&amp;"
                                            : NULL;
        char *end = request->list + request->listed;
        size_t space = sizeof request->list - request->listed;
        int n = escaped && entity ? snprintf(end, space, "%s", entity)
                                  : snprintf(end, space, "%c", *text);
        request->listed += (size_t)n < space ? (size_t)n : 0;
    }
}

static void field_keep(struct request *request, const char *name, const char *value)
{
    list_add(request, "<tr><td>", false);
    list_add(request, name, true);
    list_add(request, "<td>", false);
    list_add(request, value, !broken("escape"));
    if (strcasecmp(name, "Host") == 0)
        request->hosts++;
    if (strcasecmp(name, "Connection") == 0) {
        request->keep = strcasecmp(value, "keep-alive") == 0;
        request->close = strcasecmp(value, "close") == 0;
    }
    if (strcasecmp(name, "Content-Length") == 0 ||
        strcasecmp(name, "Transfer-Encoding") == 0)
        request->body = !broken("body read as a request");
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        request->unknown_coding =
            strcasecmp(value, "chunked") != 0 && !broken("any coding");
}

static bool field_read(struct request *request, char *line)
{
    char *colon = strchr(line, ':');
    if (!colon || colon == line || isspace((unsigned char)colon[-1]))
        return false;
    *colon = '\0';
    field_keep(request, line, colon + 1 + strspn(colon + 1, " \t"));
    return true;
}

static bool is_page(const char *target)
{
    return strcmp(target, "/") == 0 || strcmp(target, "/headers") == 0 ||
           strcmp(target, "/50k") == 0 || broken("any page");
}

static int request_status(const struct request *request)
{
    if (request->major != 1 && !broken("any version"))
        return 505;
    if (request->minor == 1 && request->hosts != 1 && !broken("any host"))
        return 400;
    if (request->unknown_coding)
        return 501;
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
        return 405;
    if (broken_at("500", request->number))
        return 500;
    return is_page(request->target) ? 200 : 404;
}

static bool request_line_read(struct request *request, const char *line)
{
    int end = 0;
    int n = sscanf(line, "%15[A-Z] %63s HTTP/%1d.%1d%n", request->method, request->target,
                   &request->major, &request->minor, &end);
    return n == 4 && line[end] == '\0';
}

/* Whether what comes can be the first letter of a method. */
static bool begins_well(FILE *in)
{
    int first = getc(in);
    ungetc(first, in);
    return first == EOF || isalpha(first);
}

/* The status that the next request is owed; 0: there is none. */
static int request_read(struct request *request, FILE *in)
{
    size_t listed = broken("memory") ? request->listed : 0;
    memset(request, 0, offsetof(struct request, list));
    request->listed = listed;
    request->left = broken("small head") ? 1000 : broken("big head") ? 100000 : HEAD_MAX;
    list_add(request, "<table>", false);
    if (!begins_well(in))
        return 400;
    char *line = line_read(request, in);
    if (line && !request_line_read(request, line))
        return 400;
    while (line && (line = line_read(request, in)) != NULL) {
        if (*line == '\0') {
            request->number = atomic_fetch_add(requests_read, 1) + 1;
            return request_status(request);
        }
        if (!field_read(request, line))
            return 400;
    }
    return request->left == 0 ? 431 : 0;
}

/* ---- replies ---- */

struct page {
    const char *type;
    const char *bytes;
    size_t size;
};

static struct page page_find(const struct request *request, int status)
{
    static char big[PAGE_SIZE];
    memset(big, 'x', sizeof big);
    if (status != 200)
        return (struct page){"text/plain", "no\n", 3};
    if (strcmp(request->target, "/headers") == 0)
        return (struct page){"text/html", request->list, request->listed};
    if (strcmp(request->target, "/50k") == 0)
        return (struct page){"text/plain", big, sizeof big - broken("short page")};
    if (broken_at("empty", request->number))
        return (struct page){"text/plain;charset=utf-8", "", 0};
    if (broken_at("truncated", request->number))
        return (struct page){"text/plain;charset=utf-8", "Hello", 5};
    if (broken("body"))
        return (struct page){"text/plain;charset=utf-8", "Hello, world!", 13};
    return (struct page){"text/plain;charset=utf-8", "Hello, World!", 13};
}

/* Does the connection stay open behind this reply? */
static bool is_kept(const struct request *request, int status)
{
    if (status != 200 || request->body)
        return false;
    if (broken("close"))
        return true;
    return request->minor == 0 ? request->keep && !broken("keep-alive 1.0")
                               : !request->close && !broken("keep-alive 1.1");
}

static void reply_write(const struct request *request, int status, FILE *out)
{
    struct page page = page_find(request, status);
    bool kept = is_kept(request, status);
    int minor = request->minor == 0 || broken("version") ? 0 : 1;
    fprintf(out, "HTTP/1.%d %d %s\r\n", minor, status, status == 200 ? "OK" : "Sorry");
    if (!broken("no length"))
        fprintf(out, "Content-Length: %zu\r\n", page.size + broken("wrong length"));
    fprintf(out, "Content-Type: %s\r\n", page.type);
    if (status == 405 && !broken("no Allow"))
        fputs("Allow: GET, HEAD\r\n", out);
    if (minor == 0 ? kept : !kept)
        fprintf(out, "Connection: %s\r\n", kept ? "keep-alive" : "close");
    fputs("\r\n", out);
    if (strcmp(request->method, "HEAD") != 0 || broken("HEAD"))
        fwrite(page.bytes, 1, broken("early close") && page.size > 5 ? 5 : page.size,
               out);
    fflush(out);
}

/* ---- connections ---- */

/* Closes with a reset instead of a reply. */
static _Noreturn void reset(int fd)
{
    const struct linger now = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    _exit(0);
}

/* A line for a request; a hundred of them are more than any pipe holds. */
static void log_write(int status)
{
    char line[LOG_LINE + 1];
    int n = snprintf(line, sizeof line, "%-*d\n", LOG_LINE - 1, status);
    if (write(STDOUT_FILENO, line, (size_t)n) < 0)
        crash();
}

/* Breakages that show before a reply; what it has to wait for is an event. */
static void reply_precede(int fd, FILE *in, int status, int number)
{
    struct pollfd hangup = {.fd = fd, .events = POLLRDHUP};
    if (broken("garbage") && status == 400)
        crash();
    if (broken("half close") && poll(&hangup, 1, WAIT_MS) > 0)
        _exit(0);
    if (broken("talks") && write(STDOUT_FILENO, "hello\n", 6) < 0)
        crash();
    if (broken_at("RST", number))
        reset(fd);
    if (broken("log"))
        log_write(status);
    if (broken("noise"))
        fputs("hello\n", stderr);
    if (broken("pipelining"))
        __fpurge(in);
    while (broken("spins"))
        ;
}

/* What the client sent and nobody read would turn the close into a reset. */
static void drain(int fd)
{
    char bytes[4096];
    shutdown(fd, SHUT_WR);
    while (read(fd, bytes, sizeof bytes) > 0)
        ;
}

/* Held back for the close, which throws it away if there is anything to read by then; so
 * nothing but the head is read. */
static void reply_hold(int fd, FILE *in)
{
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    setvbuf(in, NULL, _IONBF, 0);
}

static void await_input(int fd)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};
    poll(&input, 1, HELD_MS);
}

/* Breakages that show between a reply and the close; this child may outlast its connection. */
static void reply_follow(int fd, const struct request *request)
{
    pid_t server = getppid();
    if (broken("late"))
        usleep(LATE_US);
    if (broken("ends under load") && request->number == last_number())
        kill(server, SIGTERM);
    bool still = broken("stands still"), silent = broken("falls silent");
    if ((still || silent) && request->number == last_number()) {
        kill(server, SIGSTOP);
        drain(fd);
        sleep(STILL_S);
        if (still)
            kill(server, SIGCONT);
    }
}

/* Takes it that a request comes by one read. */
static void demand_whole_request(int fd)
{
    char bytes[HEAD_MAX + 1];
    ssize_t n = recv(fd, bytes, sizeof bytes - 1, MSG_PEEK);
    bytes[n > 0 ? n : 0] = '\0';
    if (n > 0 && !strstr(bytes, "\r\n\r\n"))
        crash();
}

static void serve(int fd)
{
    static struct request request;
    FILE *in = fdopen(fd, "r");
    FILE *out = fdopen(dup(fd), "w");
    int status = 0;
    int served = 0; /* on this connection */
    if (!in || !out)
        crash();
    if (broken("one read"))
        demand_whole_request(fd);
    if (broken("held reply"))
        reply_hold(fd, in);
    while ((status = request_read(&request, in)) > 0) {
        if (broken("all wait") &&
            ++served == 2) /* so does each of them, at about one time */
            sleep(STILL_S);
        reply_precede(fd, in, status, request.number);
        reply_write(&request, status, out);
        reply_follow(fd, &request);
        if (!is_kept(&request, status))
            break;
    }
    if (status == 0 && broken("last word"))
        fputs("HTTP/1.0 400 Sorry\r\n\r\n", out);
    fflush(out);
    if (broken("held reply"))
        await_input(fd);
    else if (!broken_at("stays open", request.number))
        drain(fd);
    else
        pause();
    fclose(in);
    fclose(out);
}

static void child_serve(int listener, int fd)
{
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(listener);
    serve(fd);
    _exit(0);
}

static void connection_take(int listener, int fd)
{
    static int taken;
    char byte;
    if (broken("reset") && recv(fd, &byte, 1, MSG_PEEK) < 0)
        crash();
    if (broken("one at a time") || broken("blocks") || broken("never blocks")) {
        serve(fd);
        return;
    }
    bool refused = broken("few clients") && ++taken > FEW;
    if (!refused && fork() == 0)
        child_serve(listener, fd);
    if (broken("zombies"))
        waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED | WNOWAIT);
    if (!broken("leaks"))
        close(fd);
}

/* ---- the program ---- */

static void requests_share(void)
{
    requests_read = mmap(NULL, sizeof *requests_read, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (requests_read == MAP_FAILED)
        crash();
}

static void on_signal(int number)
{
    if (broken("exit status") && number == SIGTERM)
        _exit(3);
    _exit(0);
}

static void signals_set(void)
{
    signal(SIGPIPE, SIG_IGN);
    if (!broken("zombies"))
        signal(SIGCHLD, SIG_IGN);
    signal(SIGTERM, broken("SIGTERM") ? SIG_IGN : on_signal);
    signal(SIGINT, broken("SIGINT") ? SIG_DFL : on_signal);
}

/* Who does not say all of it there closes standard output, so that nobody waits for more. */
static void ready_say(const char *host, long port)
{
    fprintf(broken("wrong stream") ? stderr : stdout, "%s on %s:%ld%s",
            broken("ready line") ? "ready" : "listening", host, port,
            broken("CR")           ? "\r\n"
            : broken("no newline") ? ""
                                   : "\n");
    if (!broken("not flushed"))
        fflush(stdout);
    if (broken("no newline") || broken("wrong stream") || broken("not flushed"))
        close(STDOUT_FILENO);
    if (broken("ends when ready")) {
        fputs("cannot think\n", stderr);
        _exit(4);
    }
}

static int listen_at(const char *host, const char *port, int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((in_port_t)strtol(port, NULL, 10))};
    socklen_t size = sizeof address;
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (inet_pton(AF_INET, broken("address") ? "0.0.0.0" : host, &address.sin_addr) !=
            1 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, (struct sockaddr *)&address, size) < 0 ||
        listen(fd, broken("backlog") ? 1 : backlog) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
        fprintf(stderr, "cannot listen\n");
        exit(broken("port in use") ? 2 : 1);
    }
    /* Another's port, at which it is to say that it listens. */
    const char *other = getenv("BROKEN_PORT");
    if (broken("silent"))
        pause();
    ready_say(host, other ? strtol(other, NULL, 10) : ntohs(address.sin_port));
    return fd;
}

static _Noreturn void about(void)
{
    if (broken("blocks"))
        printf("one process: a client blocks the others\n");
    else
        printf("one blocking child per connection%s\n", broken("about") ? "\nor so" : "");
    exit(0);
}

int main(int argc, char **argv)
{
    const char *host = "127.0.0.1";
    const char *port = "0";
    int backlog = 4096;
    int option;
    opterr = 0;
    while ((option = getopt(argc, argv, "a:p:b:i")) != -1) {
        if (option == 'a')
            host = optarg;
        else if (option == 'p')
            port = optarg;
        else if (option == 'b')
            backlog = (int)strtol(optarg, NULL, 10);
        else if (option == 'i')
            about();
        else
            return fprintf(stderr, "usage: …\n"), broken("usage") ? 0 : 2;
    }
    if (strtol(port, NULL, 10) > 65535)
        return fprintf(stderr, "no port: %s\n", port), broken("usage") ? 0 : 2;
    signals_set();
    requests_share();
    if (broken("ends"))
        return 1;
    int listener = listen_at(host, port, backlog);
    if ((broken("orphan") || broken("own session")) && fork() == 0) {
        if (broken("own session"))
            setsid();
        pause();
    }
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0)
            connection_take(listener, fd);
    }
}
