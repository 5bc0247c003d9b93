// SPDX-License-Identifier: GPL-2.0-or-later
// The duplex channel to the process that started the runner: lines of words, and after the line of a picture its bytes.
//
// A command is a verb and words `key=value`. Commands: race, abort, picture, quit.
// Answers: hello, ready, over, picture, error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// One line, taken apart.
struct Command {
  std::string verb;
  std::vector<std::pair<std::string, std::string>> words;

  /// The value of a key, or null.
  const std::string* find(const char* key) const;
};

class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}

  int fd() const { return fd_; }

  /// The next whole line, if one has arrived. Never waits.
  std::optional<Command> poll();

  /// Waits until `poll` may have something.
  void wait();

  /// True when the other side has hung up.
  bool closed() const { return closed_; }

  /// Sends one line.
  void line(const std::string& text) { send(text + "\n", nullptr, 0); }

  /// Sends one line and bytes after it.
  void send(const std::string& text, const uint8_t* bytes, size_t count);

 private:
  void write(const void* bytes, size_t count);
  int fd_;
  bool closed_ = false;
  std::string pending_;
};

}  // namespace runner
