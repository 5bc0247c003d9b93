// SPDX-License-Identifier: GPL-2.0-or-later
#include "session.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <ctime>
#include <string>

namespace scr {
namespace {

/// How long the classic server waits for a command (its default).
constexpr double kClassicTimeoutMs = 10;
/// First and longest wait before a state is sent again.
constexpr double kFirstRepeatMs = 20;
constexpr double kLongestRepeatMs = 1000;
/// How long a farewell is repeated to a client that has not heard it.
constexpr double kFarewellMs = 60;
/// Looks for an answer for this long before the process sleeps: waking up a processor that has gone idle costs more
/// than a quick client takes to answer. Others may run meanwhile, so many games can share a processor.
constexpr double kSpinMs = 0.15;

double nowMs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

}  // namespace

int Session::open(int port, bool loopbackOnly) {
  close();
  socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) return -1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(uint16_t(port));
  address.sin_addr.s_addr = htonl(loopbackOnly ? INADDR_LOOPBACK : INADDR_ANY);
  socklen_t length = sizeof address;
  if (bind(socket_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    const int error = errno;
    close();
    errno = error;
    return -1;
  }
  return ntohs(address.sin_port);
}

void Session::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  identified_ = false;
  session_ = 0;
}

bool Session::fromClient() const {
  return sender_.sin_addr.s_addr == client_.sin_addr.s_addr && sender_.sin_port == client_.sin_port;
}

void Session::send(std::string_view datagram) {
  // A send that fails is a datagram lost: the waiting side repeats.
  (void)sendto(socket_, datagram.data(), datagram.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&client_),
               sizeof client_);
}

/// Waits for one datagram, and serves the runner's commands meanwhile. Negative timeout: as long as it takes.
Session::Arrived Session::receive(double timeoutMs) {
  const double start = nowMs();
  for (bool spinning = true;;) {
    socklen_t length = sizeof sender_;
    const ssize_t count = recvfrom(socket_, incoming_, sizeof incoming_ - 1, MSG_DONTWAIT,
                                   reinterpret_cast<sockaddr*>(&sender_), &length);
    if (count >= 0) {
      incomingLength_ = int(count);
      return Arrived::Datagram;
    }
    const double waited = nowMs() - start;
    const double left = timeoutMs < 0 ? -1 : timeoutMs - waited;
    if (timeoutMs >= 0 && left <= 0) return Arrived::Nothing;
    spinning = spinning && waited < kSpinMs;
    if (spinning) {
      sched_yield();
      continue;
    }
    pollfd waiting[2] = {{socket_, POLLIN, 0}, {host_ ? host_->commandFd : -1, POLLIN, 0}};
    (void)poll(waiting, 2, left < 0 ? -1 : int(std::ceil(left)));
    if (waiting[1].revents != 0 && !host_->service()) return Arrived::Stopped;
  }
}

void Session::welcome() {
  std::string word = "***identified***";
  if (session_ != 0) word += "(session " + std::to_string(session_) + ")";
  send({word.c_str(), word.size() + 1});
}

bool Session::identify() {
  for (;;) {
    if (receive(-1) == Arrived::Stopped) return false;
    if (!isIdentification(datagram())) continue;
    const auto identification = parseIdentification(datagram());
    client_ = sender_;
    anglesDeg_ = identification.anglesDeg;
    // In real-time mode nobody waits for anybody, so that mode is classic towards every client.
    session_ = host_ && host_->realTime ? 0 : identification.session.value_or(0);
    identified_ = true;
    welcome();
    return true;
  }
}

Outcome Session::exchange(MessageWriter& state, int64_t tick, Controls& controls) {
  if (lockstep()) {
    state.integer("session", session_);
    state.integer("tick", tick);
    return exchangeLockstep(state.datagram(), tick, controls);
  }
  // One more key than the 2013 server has, where wall-clock time drops ticks and the runner's pictures carry them.
  if (host_ && host_->realTime) state.integer("tick", tick);
  return exchangeClassic(state.datagram(), controls);
}

Outcome Session::exchangeLockstep(std::string_view state, int64_t tick, Controls& controls) {
  send(state);
  double repeatMs = kFirstRepeatMs;
  double repeatAt = nowMs() + repeatMs;
  for (;;) {
    const Arrived arrived = receive(std::max(0.0, repeatAt - nowMs()));
    if (arrived == Arrived::Stopped) return Outcome::Stopped;
    if (arrived == Arrived::Nothing) {
      send(state);
      repeatMs = std::min(kLongestRepeatMs, 2 * repeatMs);
      repeatAt = nowMs() + repeatMs;
      continue;
    }
    if (!fromClient()) continue;
    if (isIdentification(datagram())) {
      // The welcome was lost. Another session is a stranger, who has to wait for the end of the race.
      if (parseIdentification(datagram()).session == session_) welcome();
      continue;
    }
    const Lockstep answer = parseLockstep(datagram());
    if (answer.session != session_ || answer.tick != tick) continue;
    controls = parseControls(datagram());
    return Outcome::Answered;
  }
}

/// Takes every datagram that waits; the newest command wins. True if there was one.
bool Session::takeClassicCommands(Controls& controls) {
  bool taken = false;
  while (receive(0) == Arrived::Datagram) {
    if (!fromClient()) continue;
    if (isIdentification(datagram())) {
      welcome();
    } else {
      controls = parseControls(datagram());
      taken = true;
    }
  }
  return taken;
}

Outcome Session::exchangeClassic(std::string_view state, Controls& controls) {
  // Late answers to earlier states count as the last command, but do not stand in for the answer to this one: so a
  // surplus datagram does not shift every later command by a tick, as it does in the 2013 server.
  takeClassicCommands(controls);
  send(state);
  const double deadline = nowMs() + kClassicTimeoutMs;
  for (;;) {
    switch (receive(std::max(0.0, deadline - nowMs()))) {
      case Arrived::Stopped:
        return Outcome::Stopped;
      case Arrived::Nothing:
        return Outcome::TimedOut;
      case Arrived::Datagram:
        break;
    }
    if (!fromClient()) continue;
    if (isIdentification(datagram())) {
      welcome();
      continue;
    }
    controls = parseControls(datagram());
    takeClassicCommands(controls);
    return Outcome::Answered;
  }
}

void Session::farewell(bool restart) {
  if (identified_) {
    std::string word = restart ? "***restart***" : "***shutdown***";
    if (session_ != 0) word += "(session " + std::to_string(session_) + ")";
    const std::string_view datagramOut{word.c_str(), word.size() + 1};
    send(datagramOut);
    // With a runner, its control channel tells the end of the race reliably.
    if (session_ != 0 && host_ == nullptr) {
      const double until = nowMs() + kFarewellMs;
      for (double left = kFarewellMs; left > 0; left = until - nowMs()) {
        if (receive(left) != Arrived::Datagram || !fromClient()) continue;
        if (parseLockstep(datagram()).session == session_) send(datagramOut);
      }
    }
  }
  close();
}

}  // namespace scr
