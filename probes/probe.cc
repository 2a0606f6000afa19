// The probe: a hand inside a sandbox. It reads frames, makes the raw system calls that they describe and sends
// the results back; it has no opinion, no libc and no allocation, so that what it does is what the frame said.
#include "harness/wire/frame.h"

#if defined(__x86_64__)
#include "probes/arch/x86_64.h"
#elif defined(__aarch64__)
#include "probes/arch/aarch64.h"
#else
#error "no system call stub for this machine: add probes/arch/<machine>.h"
#endif

#include <linux/auxvec.h>
#include <linux/errno.h>
#include <linux/uio.h>

using namespace nsproof::wire;

namespace {

using Word = unsigned long;

struct Server {
  int in;
  int out;
  unsigned char* arena;
  Word vdso;
};

// What a child needs to go on as a probe of its own.
struct ChildStart {
  Server server;  // whose in and out are the child's channel
  int parent_channel;
  Files files;
};

alignas(64) unsigned char main_arena[kArenaBytes];

long call1(Word number, Word a) { return raw_syscall(number, a, 0, 0, 0, 0, 0); }
long call3(Word number, Word a, Word b, Word c) { return raw_syscall(number, a, b, c, 0, 0, 0); }

[[noreturn]] void leave(int status) {
  for (;;) call1(__NR_exit_group, static_cast<Word>(status));
}

// A thread must not take its siblings with it.
[[noreturn]] void leave_thread(int status) {
  for (;;) call1(__NR_exit, static_cast<Word>(status));
}

void read_exactly(const Server& server, void* data, Word bytes) {
  auto* at = static_cast<unsigned char*>(data);
  while (bytes > 0) {
    const long got = call3(__NR_read, static_cast<Word>(server.in), reinterpret_cast<Word>(at), bytes);
    if (got == -EINTR) continue;
    if (got == 0) leave_thread(0);  // the harness is gone
    if (got < 0) leave_thread(111);
    at += got;
    bytes -= static_cast<Word>(got);
  }
}

void write_exactly(const Server& server, iovec* parts, Word count) {
  while (count > 0) {
    long put = call3(__NR_writev, static_cast<Word>(server.out), reinterpret_cast<Word>(parts), count);
    if (put == -EINTR) continue;
    if (put < 0) leave_thread(112);
    while (count > 0 && static_cast<Word>(put) >= parts->iov_len) {
      put -= static_cast<long>(parts->iov_len);
      ++parts;
      --count;
    }
    if (count > 0) {
      parts->iov_base = static_cast<unsigned char*>(parts->iov_base) + put;
      parts->iov_len -= static_cast<Word>(put);
    }
  }
}

[[noreturn]] void serve(Server server);

// What the child of a clone does first. With descriptors of its own it puts its channel where its creator's was, on 0
// and 1, so that the end of the creator shows as an end of file to whoever talks to the creator.
extern "C" void child_entry(void* data) {
  ChildStart start = *static_cast<ChildStart*>(data);
  if (start.files == Files::copied) {
    const auto channel = static_cast<Word>(start.server.in);
    call3(__NR_dup3, channel, 0, 0);
    call3(__NR_dup3, channel, 1, 0);
    call1(__NR_close, channel);
    if (start.parent_channel > 1) call1(__NR_close, static_cast<Word>(start.parent_channel));
    start.server.in = 0;
    start.server.out = 1;
  }
  serve(start.server);
}

long perform(const Server& server, const Call& call, const Word* args) {
  switch (call.kind) {
    case Kind::syscall: return raw_syscall(call.number, args[0], args[1], args[2], args[3], args[4], args[5]);
    case Kind::function: {
      using Function = long (*)(Word, Word, Word, Word, Word, Word);
      return reinterpret_cast<Function>(call.number)(args[0], args[1], args[2], args[3], args[4], args[5]);
    }
    case Kind::clone: {
      ChildStart start{server, server.in, call.files};
      start.server.in = start.server.out = static_cast<int>(args[5]);
      return clone_syscall(call.number, args, child_entry, &start);
    }
    case Kind::clone_sharing_memory: {
      // The start record lives in the child's arena: this stack frame may be gone before the child reads it.
      auto* arena = reinterpret_cast<unsigned char*>(args[4]);
      auto* start = reinterpret_cast<ChildStart*>(arena);
      *start = {{static_cast<int>(args[5]), static_cast<int>(args[5]), arena, server.vdso}, server.in, call.files};
      const Word clone3_args[5] = {args[0], args[1], 0, 0, 0};
      return clone_syscall(call.number, clone3_args, child_entry, start);
    }
  }
  return -ENOSYS;
}

void say_hello(const Server& server) {
  Hello hello{kHelloMagic,
              kVersion,
              reinterpret_cast<Word>(server.arena),
              reinterpret_cast<Word>(&probe_handler),
              reinterpret_cast<Word>(&probe_restorer),
              server.vdso};
  iovec part{&hello, sizeof hello};
  write_exactly(server, &part, 1);
}

// How many bytes of the arena go back for this call, within every bound.
std::uint32_t bytes_to_send(const Call& call, long value) {
  if (call.out_offset > kArenaBytes || call.out_bytes > kArenaBytes - call.out_offset) return 0;
  if (call.send == Send::all) return call.out_bytes;
  if (value < 0) return 0;
  return static_cast<Word>(value) < call.out_bytes ? static_cast<std::uint32_t>(value) : call.out_bytes;
}

Word argument(const Server& server, const Call& call, int i, const Result* results, std::uint32_t executed) {
  const std::uint32_t from = call.result_of[i];
  if (from == kLoadWord) {
    const Word offset = call.args[i] <= kArenaBytes - sizeof(int) ? call.args[i] : 0;
    return *reinterpret_cast<const std::uint32_t*>(server.arena + (offset & ~Word{3}));
  }
  return from > 0 && from <= executed ? static_cast<Word>(results[from - 1].value) : call.args[i];
}

void answer(const Server& server) {
  Request request;
  read_exactly(server, &request, sizeof request);
  if (request.magic != kRequestMagic || request.calls > kMaxCalls || request.in_bytes > kArenaBytes) leave(113);
  Call calls[kMaxCalls];
  read_exactly(server, calls, request.calls * sizeof(Call));
  read_exactly(server, server.arena, request.in_bytes);

  Reply reply{kReplyMagic, request.sequence, 0, 0};
  Result results[kMaxCalls];
  iovec parts[2 + kMaxCalls];
  Word part = 2;
  while (reply.executed < request.calls) {
    const Call& call = calls[reply.executed];
    Word args[kArguments];
    for (int i = 0; i < kArguments; ++i) args[i] = argument(server, call, i, results, reply.executed);
    const long value = perform(server, call, args);
    const std::uint32_t bytes = bytes_to_send(call, value);
    results[reply.executed++] = {value, bytes, 0};
    if (bytes > 0) parts[part++] = {server.arena + call.out_offset, bytes};
    reply.out_bytes += bytes;
    if (value < 0 && value > -4096 && call.on_error == OnError::stop) break;
  }
  parts[0] = {&reply, sizeof reply};
  parts[1] = {results, reply.executed * sizeof(Result)};
  write_exactly(server, parts, part);
}

void serve(Server server) {
  say_hello(server);
  for (;;) answer(server);
}

// The auxiliary vector stands behind argc, argv and envp (execve(2), getauxval(3)).
Word find_vdso(const Word* stack) {
  const Word* at = stack + 1 + stack[0] + 1;
  while (*at != 0) ++at;
  for (++at; at[0] != AT_NULL; at += 2)
    if (at[0] == AT_SYSINFO_EHDR) return at[1];
  return 0;
}

}  // namespace

extern "C" {

[[noreturn]] void probe_main(const Word* stack) { serve({0, 1, main_arena, find_vdso(stack)}); }

// The compiler may ask for these even in freestanding code (GCC manual, "Language Standards").
void* memset(void* data, int value, Word bytes) {
  for (Word i = 0; i < bytes; ++i) static_cast<volatile unsigned char*>(data)[i] = static_cast<unsigned char>(value);
  return data;
}
void* memcpy(void* to, const void* from, Word bytes) {
  for (Word i = 0; i < bytes; ++i)
    static_cast<volatile unsigned char*>(to)[i] = static_cast<const unsigned char*>(from)[i];
  return to;
}
}
