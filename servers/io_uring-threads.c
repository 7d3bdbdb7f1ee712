/* io_uring-threads.c - a thread for each core, each with an io_uring of its own.
 * SPDX-License-Identifier: MIT
 * model: io_uring
 * library: liburing
 * debian: liburing-dev
 *
 * As epoll-threads is to epoll: the loops share nothing, each has a listening socket of its own at
 * the same address (SO_REUSEPORT), and each loop is that of io_uring.c, of which this file has only
 * what differs: make puts both together. A ring belongs to the thread that made it, so each thread
 * makes its own; it takes 1 MB of memory to lock at most (RLIMIT_MEMLOCK). It breaks where io_uring
 * does. */
#include <pthread.h>
#include <sched.h>

/* What io_uring has once, each thread has. */
static _Thread_local struct io_uring ring;
static _Thread_local bool lending;
static _Thread_local struct io_uring_buf_ring *free_buffers;
static _Thread_local char buffers[BUFFERS][BUFFER_SIZE];
static _Thread_local int listen_fd;
static _Thread_local bool accepting;
static _Thread_local bool retrying;
static _Thread_local unsigned mode;

/* What a loop is given. */
struct loop {
    int cpu;
    int listen_fd;
};

static pthread_barrier_t ready; /* all loops */

static _Noreturn void loop_run(const struct loop *loop)
{
    listen_fd = loop->listen_fd;
    ask_accept();
    for (;;)
        turn();
}

static _Noreturn void *loop_begin(void *loop)
{
    setup();
    pthread_barrier_wait(&ready);
    loop_run(loop);
}

/* As many as this process may use cores; the first has the listening socket that there is. Returns
 * how many. */
static unsigned loops_open(struct loop *loops, const struct listener *first)
{
    unsigned count = 0;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        fail("sched_getaffinity");
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed)) {
            struct listener own = *first;
            if (count > 0 && listen_again(&own, first) < 0)
                fail("a further listening socket");
            loops[count++] = (struct loop){cpu, own.fd};
        }
    return count;
}

static void thread_pin(pthread_t thread, int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    errno = pthread_setaffinity_np(thread, sizeof one, &one);
    if (errno)
        fail("pthread_setaffinity_np");
}

/* Clients take descriptors and memory, so all loops have theirs before the first one runs. */
static void serve(const struct listener *listener)
{
    static struct loop loops[CPU_SETSIZE];
    unsigned count = loops_open(loops, listener);
    pthread_barrier_init(&ready, NULL, count);
    thread_pin(pthread_self(), loops[0].cpu);
    for (unsigned i = 1; i < count; i++) {
        pthread_t thread;
        errno = pthread_create(&thread, NULL, loop_begin, &loops[i]);
        if (errno)
            fail("pthread_create");
        thread_pin(thread, loops[i].cpu);
    }
    pthread_barrier_wait(&ready);
    listen_announce(listener);
    loop_run(&loops[0]);
}

const struct server server = {
    .about = "a thread with an io_uring loop per core, SO_REUSEPORT",
    .library = "liburing",
    .version = version,
    .features = features,
    .setup = setup,
    .all_cores = true,
    .blocking = true,
    .serve = serve,
};
