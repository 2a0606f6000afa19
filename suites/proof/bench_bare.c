/* The costs of six sets of namespaces as a plain C program measures them. It shares no code with nsproof and does things
 * its own way where it can: another clock (the time stamp counter where there is one), another stub, another way to
 * give the child its stack.
 *
 * usage: bench_bare SECONDS SEED
 * Writes a line a set: NAME RETURN_P5 TOTAL_P5, in units of its clock, which only matter as ratios. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SETS = 6, MOUNTS = 24, MOST = 200000 };

struct set {
  const char* name;
  uint64_t flags;
  int settle_us;
};

static const struct set sets[SETS] = {
    {"none", 0, 0},
    {"uts", CLONE_NEWUTS, 0},
    {"user", CLONE_NEWUSER, 0},
    {"mnt", CLONE_NEWNS, 0},
    {"net", CLONE_NEWNET, 2500},
    {"all",
     CLONE_NEWUTS | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWCGROUP | 0x80,
     2500},
};

static double returned[SETS][MOST];
static double total[SETS][MOST];
static double slowness[SETS][MOST]; /* of the machine around the sample */
static int count[SETS];

static void die(const char* what) {
  perror(what);
  exit(1);
}

static inline uint64_t ticks(void) {
#ifdef __x86_64__
  unsigned low, high, cpu;
  __asm__ volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(cpu)::"memory");
  return (uint64_t)high << 32 | low;
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/* The child does nothing but exit, all of it in the assembly, so it needs no stack of its own. */
static long clone_and_exit(const struct clone_args* args) {
#ifdef __x86_64__
  long result;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "mov $231, %%eax\n\t"
      "xor %%edi, %%edi\n\t"
      "syscall\n"
      "1:"
      : "=a"(result)
      : "a"(435), "D"(args), "S"(sizeof *args)
      : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = 435;
  register long x0 __asm__("x0") = (long)args;
  register long x1 __asm__("x1") = sizeof *args;
  __asm__ volatile(
      "svc 0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x8, #94\n\t"
      "svc 0\n"
      "1:"
      : "+r"(x0), "+r"(x8)
      : "r"(x1)
      : "memory");
  return x0;
#endif
}

/* How long a few system calls take: a neighbour on the same core makes them longer. */
static double look_around(void) {
  const uint64_t start = ticks();
  for (int i = 0; i < 20; ++i) syscall(SYS_getuid);
  return (double)(ticks() - start);
}

static void one(int index, int keep) {
  struct clone_args args;
  int status;
  memset(&args, 0, sizeof args);
  args.flags = sets[index].flags | CLONE_VM | CLONE_VFORK;
  args.exit_signal = SIGCHLD;
  const double before = keep ? look_around() : 0;
  const uint64_t start = ticks();
  const long pid = clone_and_exit(&args);
  const uint64_t back = ticks();
  if (pid < 0) {
    errno = (int)-pid;
    die(sets[index].name);
  }
  while (waitpid((pid_t)pid, &status, 0) < 0)
    if (errno != EINTR) die("waitpid");
  const uint64_t end = ticks();
  if (!keep || count[index] == MOST) return;
  const double after = look_around();
  slowness[index][count[index]] = before > after ? before : after;
  returned[index][count[index]] = (double)(back - start);
  total[index][count[index]++] = (double)(end - start);
}

/* A tree of as many mounts as nsproof measures with, in namespaces of our own. */
static void make_room(void) {
  char path[64];
  if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) != 0) die("unshare");
  if (mount("", "/", "", MS_REC | MS_PRIVATE, NULL) != 0) die("private");
  if (mount("tmpfs", "/tmp", "tmpfs", 0, NULL) != 0) die("tmpfs");
  if (chdir("/tmp") != 0) die("chdir");
  if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0) die("pivot_root");
  if (chdir("/") != 0) die("chdir");
  for (int i = 1; i < MOUNTS; ++i) {
    snprintf(path, sizeof path, "/%d", i);
    if (mkdir(path, 0755) != 0 || mount("tmpfs", path, "tmpfs", 0, NULL) != 0) die("mount");
  }
}

static void pin(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) die("sched_getaffinity");
  int last = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) last = cpu;
  CPU_ZERO(&set);
  CPU_SET(last, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) die("sched_setaffinity");
}

static int ascending(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static double quantile(double* values, int n, double fraction) {
  if (n == 0) return 0;
  qsort(values, (size_t)n, sizeof *values, ascending);
  return values[(int)(fraction * (n - 1))];
}

/* The samples that were taken while the machine was as fast as it gets come first; how many they are. */
static int keep_the_calm(int index) {
  static double all[MOST];
  int kept = 0;
  memcpy(all, slowness[index], sizeof(double) * (size_t)count[index]);
  const double limit = quantile(all, count[index], 0.02) * 1.12;
  for (int i = 0; i < count[index]; ++i) {
    if (slowness[index][i] > limit) continue;
    returned[index][kept] = returned[index][i];
    total[index][kept++] = total[index][i];
  }
  return kept;
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const double end = seconds_now() + atof(argv[1]);
  srandom((unsigned)atoi(argv[2]));
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  make_room();
  pin();
  for (int round = 0; round < 3 || seconds_now() < end; ++round) {
    int order[SETS];
    for (int i = 0; i < SETS; ++i) order[i] = i;
    for (int i = SETS - 1; i > 0; --i) {
      const int other = (int)(random() % (i + 1));
      const int swap = order[i];
      order[i] = order[other];
      order[other] = swap;
    }
    for (int i = 0; i < SETS; ++i) {
      one(0, 0); /* prime */
      one(order[i], round > 0);
      if (sets[order[i]].settle_us > 0) usleep((useconds_t)sets[order[i]].settle_us);
    }
  }
  for (int i = 0; i < SETS; ++i) {
    const int kept = keep_the_calm(i);
    printf("%s %.1f %.1f\n", sets[i].name, quantile(returned[i], kept, 0.05), quantile(total[i], kept, 0.05));
  }
  return 0;
}
