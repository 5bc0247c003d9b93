// SPDX-License-Identifier: GPL-2.0-or-later
// What the headless runner and the robot module know of each other. In stock TORCS nobody defines torcsPilotHost(),
// the robot finds no host, and it behaves as an SCR server of its own.
#pragma once

#include <cstdint>

namespace scr {

constexpr int kHostVersion = 1;

/// Settings of the race under way, and what the robot may ask of the runner. Owned by the runner.
struct Host {
  int version = kHostVersion;

  // --- settings, fixed while a race runs
  bool noise = false;
  uint32_t seed = 0;
  /// Send the two seconds before the start to the client too.
  bool countdown = false;
  /// Keep pace with the wall clock and never wait longer than the classic 10 ms.
  bool realTime = false;

  // --- state that the robot reports
  /// Control tick that the robot is at: 0 for the first state that it sends.
  int64_t tick = 0;
  /// The client asked for a restart: the runner is to end this race.
  bool restartRequested = false;

  // --- services
  /// Readable when a command waits for `service`.
  int commandFd = -1;
  /// Tells the client's process on which UDP port the robot listens.
  void (*ready)(int index, int port) = nullptr;
  /// Handles the commands that wait. False: the race is to end, return from the callback at once.
  bool (*service)() = nullptr;
  /// Sleeps until the wall clock reaches this simulated time (real-time mode only).
  void (*pace)(double simulatedTimeS) = nullptr;
};

}  // namespace scr

/// Found by name in the executable. Returns the one host.
extern "C" scr::Host* torcsPilotHost();
