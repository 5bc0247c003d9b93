// SPDX-License-Identifier: GPL-2.0-or-later
// One client's connection: handshake, exchange of state and command, farewell. Classic SCR towards a client that does
// not ask for more, the lockstep extension (PROTOCOL.md) towards one that does.
#pragma once

#include <netinet/in.h>

#include <string_view>

#include "host.h"
#include "messages.h"

namespace scr {

/// What came of waiting for a command.
enum class Outcome {
  /// `controls` is the answer to this state.
  Answered,
  /// No answer in time (classic and real-time mode): the last command holds.
  TimedOut,
  /// The race is to end: the runner said so.
  Stopped,
};

class Session {
 public:
  /// @param host the runner, or null in stock TORCS
  explicit Session(Host* host) : host_(host) {}
  ~Session() { close(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Binds the socket. Returns the port, or -1 with `errno` set.
  int open(int port, bool loopbackOnly);

  /// Waits for a client to identify itself and welcomes it. False: the race is to end.
  bool identify();

  /// The range-finder angles that the client asked for.
  const std::array<float, kRangeFinders>& anglesDeg() const { return anglesDeg_; }

  /// Whether states carry the lockstep groups.
  bool lockstep() const { return session_ != 0; }

  /// Sends the state of one tick (the lockstep groups are appended to it here) and waits for its command. `controls`
  /// keeps its value when no answer comes.
  Outcome exchange(MessageWriter& state, int64_t tick, Controls& controls);

  /// Says that the race is over, `restart` or `shutdown`, and closes the socket. In lockstep the word is repeated to
  /// a client that goes on sending commands, for a short while.
  void farewell(bool restart);

 private:
  enum class Arrived { Datagram, Nothing, Stopped };

  void close();
  Arrived receive(double timeoutMs);
  std::string_view datagram() const { return {incoming_, size_t(incomingLength_)}; }
  bool fromClient() const;
  void send(std::string_view datagram);
  void welcome();
  Outcome exchangeLockstep(std::string_view state, int64_t tick, Controls& controls);
  Outcome exchangeClassic(std::string_view state, Controls& controls);
  bool takeClassicCommands(Controls& controls);

  Host* host_;
  int socket_ = -1;
  sockaddr_in client_{};
  sockaddr_in sender_{};
  bool identified_ = false;
  int64_t session_ = 0;
  std::array<float, kRangeFinders> anglesDeg_{};
  char incoming_[2048];
  int incomingLength_ = 0;
};

}  // namespace scr
