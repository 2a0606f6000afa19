#include "harness/guest/message.h"

#include <cmath>
#include <iterator>

namespace nsproof::guest {
namespace {

constexpr std::string Environment::*kEnvironment[] = {
    &Environment::tool_version, &Environment::kernel_release,   &Environment::kernel_version,
    &Environment::machine,      &Environment::host_name,        &Environment::user,
    &Environment::capabilities, &Environment::security_modules, &Environment::cgroup_mode,
    &Environment::command_line, &Environment::started,
};

constexpr std::uint32_t kVerdicts = static_cast<std::uint32_t>(std::size(kAllVerdicts));
constexpr std::uint32_t kOutcomes = 3;
constexpr double kMicroseconds = 1000;  // of a millisecond

// The least that a text takes: its length.
constexpr std::size_t kTextBytes = 4;
constexpr std::size_t kEntryBytes = 4 * kTextBytes + 2 * sizeof(std::int64_t);

void put(ByteWriter& writer, const Trouble& trouble) {
  writer.text(trouble.taint);
  writer.text(trouble.words);
}

Trouble trouble_of(ByteReader& reader) {
  Trouble trouble;
  trouble.taint = reader.text();
  trouble.words = reader.text();
  return trouble;
}

void put(ByteWriter& writer, const Entry& entry) {
  writer.text(entry.actor);
  writer.text(entry.call);
  writer.i64(entry.value);
  writer.u32(static_cast<std::uint32_t>(entry.outs.size()));
  for (const std::string& out : entry.outs) writer.text(out);
  writer.text(entry.shows);
  writer.i64(entry.nanoseconds);
}

Entry entry_of(ByteReader& reader) {
  Entry entry;
  entry.actor = reader.text();
  entry.call = reader.text();
  entry.value = reader.i64();
  entry.outs.resize(reader.count(kTextBytes));
  for (std::string& out : entry.outs) out = reader.text();
  entry.shows = reader.text();
  entry.nanoseconds = reader.i64();
  return entry;
}

void put_time(ByteWriter& writer, double milliseconds) { writer.i64(std::llround(milliseconds * kMicroseconds)); }

double time_of(ByteReader& reader) { return static_cast<double>(reader.i64()) / kMicroseconds; }

void put(ByteWriter& writer, const Boxed<Run>& run) {
  writer.u32(run ? 1 : 0);
  if (!run) return;
  writer.text(run->world);
  writer.u32(static_cast<std::uint32_t>(run->observation.outcome));
  writer.text(run->observation.reason);
  put_time(writer, run->milliseconds);
  writer.u32(static_cast<std::uint32_t>(run->transcript.entries.size()));
  for (const Entry& entry : run->transcript.entries) put(writer, entry);
}

Boxed<Run> run_of(ByteReader& reader) {
  if (reader.choice(2) == 0) return {};
  Run run;
  run.world = reader.text();
  run.observation.outcome = static_cast<Outcome>(reader.choice(kOutcomes));
  run.observation.reason = reader.text();
  run.milliseconds = time_of(reader);
  run.transcript.entries.resize(reader.count(kEntryBytes));
  for (Entry& entry : run.transcript.entries) entry = entry_of(reader);
  return run;
}

}  // namespace

std::string encode(const Hello& hello) {
  ByteWriter writer;
  for (const auto member : kEnvironment) writer.text(hello.environment.*member);
  writer.text(hello.bulkhead);
  writer.text(hello.advice);
  writer.u32(static_cast<std::uint32_t>(hello.notes.size()));
  for (const std::string& note : hello.notes) writer.text(note);
  return writer.take();
}

Hello hello_of(std::string_view body) {
  ByteReader reader(body);
  Hello hello;
  for (const auto member : kEnvironment) hello.environment.*member = reader.text();
  hello.bulkhead = reader.text();
  hello.advice = reader.text();
  hello.notes.resize(reader.count(kTextBytes));
  for (std::string& note : hello.notes) note = reader.text();
  reader.end();
  return hello;
}

std::string encode(const Began& began) {
  ByteWriter writer;
  writer.u32(began.task);
  return writer.take();
}

Began began_of(std::string_view body) {
  ByteReader reader(body);
  const Began began{reader.u32()};
  reader.end();
  return began;
}

std::string encode(const Finished& finished) {
  ByteWriter writer;
  writer.u32(finished.task);
  writer.u32(static_cast<std::uint32_t>(finished.found.verdict));
  writer.text(finished.found.reason);
  writer.text(finished.found.missing);
  put(writer, finished.found.subject);
  put(writer, finished.found.control);
  put_time(writer, finished.found.milliseconds);
  put(writer, finished.trouble);
  return writer.take();
}

Finished finished_of(std::string_view body) {
  ByteReader reader(body);
  Finished finished;
  finished.task = reader.u32();
  finished.found.verdict = static_cast<Verdict>(reader.choice(kVerdicts));
  finished.found.reason = reader.text();
  finished.found.missing = reader.text();
  finished.found.subject = run_of(reader);
  finished.found.control = run_of(reader);
  finished.found.milliseconds = time_of(reader);
  finished.trouble = trouble_of(reader);
  reader.end();
  return finished;
}

std::string encode(const End& end) {
  ByteWriter writer;
  writer.u32(end.finished);
  put(writer, end.trouble);
  return writer.take();
}

End end_of(std::string_view body) {
  ByteReader reader(body);
  End end;
  end.finished = reader.u32();
  end.trouble = trouble_of(reader);
  reader.end();
  return end;
}

}  // namespace nsproof::guest
