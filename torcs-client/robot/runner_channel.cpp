// SPDX-License-Identifier: GPL-2.0-or-later
#include "runner_channel.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace runner {
namespace {

/// A line longer than this is no command: the sender is not ours.
constexpr size_t kLongestLine = 64 * 1024;

Command takeApart(const std::string& line) {
  Command command;
  size_t at = 0;
  while (at < line.size()) {
    const size_t end = std::min(line.find(' ', at), line.size());
    const std::string word = line.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const size_t equals = word.find('=');
    if (command.verb.empty()) {
      command.verb = word;
    } else if (equals != std::string::npos) {
      command.words.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
  }
  return command;
}

}  // namespace

const std::string* Command::find(const char* key) const {
  for (const auto& [name, value] : words) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::optional<Command> Channel::poll() {
  for (;;) {
    const size_t end = pending_.find('\n');
    if (end != std::string::npos) {
      const std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return takeApart(line);
    }
    if (closed_) return std::nullopt;
    char buffer[4096];
    const ssize_t count = recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count > 0) {
      pending_.append(buffer, size_t(count));
      if (pending_.size() > kLongestLine) closed_ = true;
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return std::nullopt;
    } else {
      closed_ = true;
    }
  }
}

void Channel::wait() {
  pollfd waiting{fd_, POLLIN, 0};
  (void)::poll(&waiting, 1, -1);
}

void Channel::write(const void* bytes, size_t count) {
  const char* next = static_cast<const char*>(bytes);
  while (count > 0 && !closed_) {
    const ssize_t written = ::send(fd_, next, count, MSG_NOSIGNAL);
    if (written >= 0) {
      next += written;
      count -= size_t(written);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd waiting{fd_, POLLOUT, 0};
      (void)::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      closed_ = true;
    }
  }
}

void Channel::send(const std::string& text, const uint8_t* bytes, size_t count) {
  write(text.data(), text.size());
  if (count > 0) write(bytes, count);
}

}  // namespace runner
