#include "harness/sys/sysvipc.h"

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include <charconv>
#include <cstdio>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

constexpr std::size_t kPage = 4096;

Arg key_arg(int key) {
  return key == IPC_PRIVATE ? named(IPC_PRIVATE, "IPC_PRIVATE") : hex(static_cast<unsigned>(key));
}

// The flags of the get calls, whose low nine bits are a mode.
Arg get_flags(int flags) {
  static constexpr FlagName kFlags[] = {{IPC_CREAT, "IPC_CREAT"}, {IPC_EXCL, "IPC_EXCL"}};
  if (flags == 0) return num(0);
  const unsigned mode = static_cast<unsigned>(flags) & 0777U;
  const std::uint64_t rest = static_cast<unsigned>(flags) & ~0777U;
  char octal[16];
  std::snprintf(octal, sizeof octal, "0%o", mode);
  return named(static_cast<std::uint64_t>(flags), rest == 0 ? octal : say(flags_text(rest, kFlags), "|", octal));
}

Arg operation_flags(int flags) {
  static constexpr FlagName kFlags[] = {{IPC_NOWAIT, "IPC_NOWAIT"}, {SEM_UNDO, "SEM_UNDO"}};
  return named(static_cast<std::uint64_t>(flags), flags_text(static_cast<std::uint64_t>(flags), kFlags));
}

IpcPerm perm_of(const ipc_perm& perm) { return {perm.__key, perm.uid, perm.cuid, perm.mode}; }

std::string text_of(const IpcPerm& perm) {
  char mode[16];
  std::snprintf(mode, sizeof mode, "0%o", perm.mode);
  return say("key=", hex(static_cast<unsigned>(perm.key)).text, ", uid=", perm.uid, ", mode=", mode);
}

// IPC_STAT of one kind; `Raw` is the structure that the kernel fills.
template <class Raw>
Got<Raw> stat_object(Actor& actor, long number, std::string_view name, int id) {
  Got<Raw> got{actor.call(number, name, {num(id), named(IPC_STAT, "IPC_STAT"), out(sizeof(Raw))})};
  if (got.ok()) got.value = out_as<Raw>(got.reply);
  return got;
}

Got<IpcPerm> sem_stat(Actor& actor, int id) {
  Got<IpcPerm> got{
      actor.call(SYS_semctl, "semctl", {num(id), num(0), named(IPC_STAT, "IPC_STAT"), out(sizeof(semid_ds))})};
  if (got.ok()) {
    const auto raw_stat = out_as<semid_ds>(got.reply);
    got.value = perm_of(raw_stat.sem_perm);
    actor.shows(say("{", text_of(got.value), ", sem_nsems=", raw_stat.sem_nsems, "}"));
  }
  return got;
}

Reply semctl(Actor& actor, int id, int command, std::string_view command_name, int value) {
  return actor.call(
      SYS_semctl, "semctl",
      {num(id), num(0), named(static_cast<std::uint64_t>(command), std::string(command_name)), num(value)});
}

}  // namespace

std::string_view noun_of(SysvKind kind) {
  switch (kind) {
    case SysvKind::shm: return "segment";
    case SysvKind::sem: return "semaphore set";
    case SysvKind::msg: return "message queue";
  }
  return "";
}

std::string_view list_file_of(SysvKind kind) {
  switch (kind) {
    case SysvKind::shm: return "/proc/sysvipc/shm";
    case SysvKind::sem: return "/proc/sysvipc/sem";
    case SysvKind::msg: return "/proc/sysvipc/msg";
  }
  return "";
}

Reply sysv_get(Actor& actor, SysvKind kind, int key, int flags) {
  const bool create = (flags & IPC_CREAT) != 0;
  if (kind == SysvKind::shm) return shmget(actor, key, create ? kPage : 0, flags);
  if (kind == SysvKind::sem) return semget(actor, key, create ? 1 : 0, flags);
  return msgget(actor, key, flags);
}

Got<IpcPerm> sysv_stat(Actor& actor, SysvKind kind, int id) {
  if (kind == SysvKind::sem) return sem_stat(actor, id);
  if (kind == SysvKind::msg) {
    Got<MsgStat> got = msg_stat(actor, id);
    return {std::move(got.reply), got.value.perm};
  }
  Got<ShmStat> got = shm_stat(actor, id);
  return {std::move(got.reply), got.value.perm};
}

Reply sysv_remove(Actor& actor, SysvKind kind, int id) {
  const Arg command = named(IPC_RMID, "IPC_RMID");
  if (kind == SysvKind::shm) return actor.call(SYS_shmctl, "shmctl", {num(id), command, null()});
  if (kind == SysvKind::sem) return actor.call(SYS_semctl, "semctl", {num(id), num(0), command});
  return actor.call(SYS_msgctl, "msgctl", {num(id), command, null()});
}

Got<std::vector<int>> sysv_list(Actor& actor, SysvKind kind) {
  Got<std::string> file = read_file(actor, list_file_of(kind));
  Got<std::vector<int>> got{std::move(file.reply)};
  if (!got.ok()) return got;
  const std::vector<std::string> lines = lines_of(file.value);
  // The first line names the columns; the first two of them are the key and the id.
  if (lines.empty() || words_of(lines[0]).empty() || words_of(lines[0])[0] != "key")
    throw Babbled(say(list_file_of(kind), " does not begin with the names of its columns"));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> words = words_of(lines[i]);
    int id = 0;
    if (words.size() < 2 || std::from_chars(words[1].data(), words[1].data() + words[1].size(), id).ec != std::errc())
      throw Babbled(say(list_file_of(kind), " has a line without an id: ", quoted(lines[i])));
    got.value.push_back(id);
  }
  return got;
}

Reply shmget(Actor& actor, int key, std::size_t bytes, int flags) {
  return actor.call(SYS_shmget, "shmget", {key_arg(key), num(static_cast<std::int64_t>(bytes)), get_flags(flags)});
}

Reply shmat(Actor& actor, int id, int flags) {
  static constexpr FlagName kFlags[] = {{SHM_RDONLY, "SHM_RDONLY"}};
  return actor.call(SYS_shmat, "shmat",
                    {num(id), null(),
                     named(static_cast<std::uint64_t>(flags), flags_text(static_cast<std::uint64_t>(flags), kFlags))});
}

Reply shmdt(Actor& actor, std::uint64_t where) { return actor.call(SYS_shmdt, "shmdt", {hex(where)}); }

Got<ShmStat> shm_stat(Actor& actor, int id) {
  Got<shmid_ds> raw_stat = stat_object<shmid_ds>(actor, SYS_shmctl, "shmctl", id);
  Got<ShmStat> got{std::move(raw_stat.reply)};
  if (got.ok()) {
    const shmid_ds& from = raw_stat.value;
    got.value = {perm_of(from.shm_perm), from.shm_segsz, from.shm_cpid, from.shm_lpid, from.shm_nattch};
    actor.shows(say("{", text_of(got.value.perm), ", shm_segsz=", got.value.bytes, ", shm_cpid=", got.value.creator,
                    ", shm_lpid=", got.value.last_user, ", shm_nattch=", got.value.attached, "}"));
  }
  return got;
}

Reply shm_lock(Actor& actor, int id) {
  return actor.call(SYS_shmctl, "shmctl", {num(id), named(SHM_LOCK, "SHM_LOCK"), null()});
}

Reply semget(Actor& actor, int key, int count, int flags) {
  return actor.call(SYS_semget, "semget", {key_arg(key), num(count), get_flags(flags)});
}

Reply semop(Actor& actor, int id, int change, int flags) {
  const sembuf operation{0, static_cast<short>(change), static_cast<short>(flags)};
  const std::string text = say("[{sem_num=0, sem_op=", change, ", sem_flg=", operation_flags(flags).text, "}]");
  return actor.call(SYS_semop, "semop", {num(id), record(raw(operation), text), num(1)});
}

Reply sem_set_value(Actor& actor, int id, int value) { return semctl(actor, id, SETVAL, "SETVAL", value); }
Reply sem_value(Actor& actor, int id) { return semctl(actor, id, GETVAL, "GETVAL", 0); }
Reply sem_last_pid(Actor& actor, int id) { return semctl(actor, id, GETPID, "GETPID", 0); }

Reply msgget(Actor& actor, int key, int flags) {
  return actor.call(SYS_msgget, "msgget", {key_arg(key), get_flags(flags)});
}

Reply msgsnd(Actor& actor, int id, std::string_view text) {
  const long type = 1;
  return actor.call(SYS_msgsnd, "msgsnd",
                    {num(id), record(raw(type) + std::string(text), say("{mtype=1, mtext=", quoted(text), "}")),
                     num(static_cast<std::int64_t>(text.size())), operation_flags(IPC_NOWAIT)});
}

Got<std::string> msgrcv(Actor& actor, int id, std::size_t bytes) {
  Got<std::string> got{actor.call(SYS_msgrcv, "msgrcv",
                                  {num(id), out(sizeof(long) + bytes), num(static_cast<std::int64_t>(bytes)), num(0),
                                   operation_flags(IPC_NOWAIT)})};
  if (got.ok()) {
    const auto length = static_cast<std::size_t>(got.reply.value);
    if (length > bytes) throw Babbled("msgrcv returned more than it was given room for");
    got.value = out_bytes(got.reply, 0, sizeof(long) + length).substr(sizeof(long), length);
    actor.shows(say("{mtext=", quoted(got.value), "}"));
  }
  return got;
}

Got<MsgStat> msg_stat(Actor& actor, int id) {
  Got<msqid_ds> raw_stat = stat_object<msqid_ds>(actor, SYS_msgctl, "msgctl", id);
  Got<MsgStat> got{std::move(raw_stat.reply)};
  if (got.ok()) {
    const msqid_ds& from = raw_stat.value;
    got.value = {perm_of(from.msg_perm), from.msg_qnum, from.msg_lspid, from.msg_lrpid};
    actor.shows(say("{", text_of(got.value.perm), ", msg_qnum=", got.value.messages,
                    ", msg_lspid=", got.value.last_sender, ", msg_lrpid=", got.value.last_receiver, "}"));
  }
  return got;
}

}  // namespace nsproof::sys
