// SPDX-License-Identifier: BSL-1.0
// gnuplot draws into memory: it reports no full disk, and what it has half written when it dies is no picture.
#include <support/csv.hpp>
#include <support/plot.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {

namespace {

[[noreturn]] void fail(const std::string& what, int error) { throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(error))); }

struct descriptor {
  explicit descriptor(int opened) : number(opened) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }
  bool close() { return number < 0 || ::close(std::exchange(number, -1)) == 0; }

  int number;
};

bool write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(to, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string read_all(int from) {
  std::string result;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("reading from gnuplot", errno);
    if (got == 0) return result;
    result.append(buffer, static_cast<std::size_t>(got));
  }
}

/// What gnuplot draws. Its commands and complaints are files in memory, so only one pipe is to be served.
std::string drawn(const std::string& commands, const std::string& end, const std::string& target) {
  const descriptor program(::memfd_create("commands", MFD_CLOEXEC)), complaints(::memfd_create("complaints", MFD_CLOEXEC));
  int ends[2];
  if (program.number < 0 || complaints.number < 0 || ::pipe2(ends, O_CLOEXEC) != 0) fail("gnuplot could not be started", errno);
  const descriptor from(ends[0]);
  descriptor to(ends[1]);
  if (!write_all(program.number, commands) || ::lseek(program.number, 0, SEEK_SET) != 0) fail("gnuplot's commands could not be kept", errno);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, program.number, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, to.number, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, complaints.number, STDERR_FILENO);
  char name[] = "gnuplot", no_settings[] = "--default-settings", standard_input[] = "-";
  char* arguments[] = {name, no_settings, standard_input, nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, name, &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) throw std::runtime_error("gnuplot was not found (Debian: gnuplot-nox)");
  if (error != 0) fail("gnuplot could not be started", error);
  to.close();
  const std::string picture = read_all(from.number);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  const std::string_view without_blank_lines = std::string_view(picture).substr(0, picture.find_last_not_of('\n') + 1);
  if (status == 0 && without_blank_lines.ends_with(end)) return picture;
  ::lseek(complaints.number, 0, SEEK_SET);
  const std::string said = read_all(complaints.number);
  throw std::runtime_error(fmt::format("gnuplot failed, {} is not written{}{}", target, said.empty() ? "" : "; it said:\n", said));
}

/// While it lives, the signals by which a user ends a program wait.
struct signals_wait {
  signals_wait() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::sigaddset(&ending, number);
    ::sigprocmask(SIG_BLOCK, &ending, &before);
  }
  signals_wait(const signals_wait&) = delete;
  signals_wait& operator=(const signals_wait&) = delete;
  ~signals_wait() { ::sigprocmask(SIG_SETMASK, &before, nullptr); }

  sigset_t before;
};

}  // namespace

void write_file(const std::string& target, const std::string& content) {
  const signals_wait until_it_is_whole;
  std::string unfinished = target + ".XXXXXX";
  descriptor file(::mkostemp(unfinished.data(), O_CLOEXEC));
  if (file.number < 0) fail(target + ": cannot be written", errno);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (!write_all(file.number, content) || ::fchmod(file.number, 0666 & ~mask) != 0 || !file.close() ||
      ::rename(unfinished.c_str(), target.c_str()) != 0) {
    const int error = errno;
    ::unlink(unfinished.c_str());
    fail(target + ": cannot be written", error);
  }
}

void require_writable(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || ::access(folder.c_str(), W_OK | X_OK) != 0)
    throw input_error(fmt::format("{}: cannot be written to, expected a writable folder", folder));
}

void plot::add(fmt::string_view text, fmt::format_args arg) { program_ += fmt::vformat(text, arg) + '\n'; }

void plot::write(const std::string& folder, const std::string& name) const {
  using namespace std::string_literals;
  const std::string base = (std::filesystem::path(folder) / name).string(), svg = base + ".svg", png = base + ".png";
  const auto in = [&](const std::string& terminal) { return fmt::format("set terminal {}\n{}", terminal, program_); };
  const std::string as_svg = drawn(in(fmt::format("svg size {},{} font 'DejaVu Sans,13' background rgb 'white'", width_, height_)), "</svg>", svg);
  const std::string as_png = drawn(in(fmt::format("pngcairo size {},{} font 'DejaVu Sans,11'", width_, height_)), "IEND\xAE\x42\x60\x82"s, png);
  write_file(svg, as_svg);
  write_file(png, as_png);
}

}  // namespace support
