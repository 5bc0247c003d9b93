// SPDX-License-Identifier: GPL-2.0-or-later
// Races in the game's race engine, one after the other in the same process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host.h"
#include "runner_channel.h"
#include "runner_graphics.h"

struct RmInfo;

namespace runner {

/// What a `race` command asks for.
struct RaceOptions {
  std::string track;
  std::string category;
  /// Place on the track, m; negative: the starting grid.
  double startDistanceM = -1;
  int laps = 10000;
  bool damage = true;
  bool fuel = true;
  bool noise = false;
  uint32_t seed = 0;
  bool countdown = false;
  bool realTime = false;
  /// The game's robots that race too: module and index. They start before our car.
  std::vector<std::pair<std::string, int>> opponents;
};

/// Reads a `race` command. Empty, or what is wrong with it.
std::string parseRaceOptions(const Command& command, RaceOptions& options);

class Races {
 public:
  /// @param pictureFile an open file that takes the pictures asked for with way=file, or -1
  Races(Channel& channel, Graphics& graphics, int pictureFile)
      : channel_(channel), graphics_(graphics), pictureFile_(pictureFile) {}

  /// Loads what all races share. Empty, or what went wrong.
  std::string start();

  /// Runs one race to its end; says `ready` and `over` on the channel. Returns the command that ended it and that is
  /// still to be carried out, if there is one.
  std::optional<Command> run(const RaceOptions& options);

  // --- services for the robot, by way of the host
  void ready(int index, int port);
  bool service();
  void pace(double simulatedTimeS);

 private:
  std::string prepare(const RaceOptions& options);
  void placeOnGrid(const RaceOptions& options);
  void finish();
  /// Why the race is over, or null while it goes on.
  const char* reasonToEnd() const;
  void sendPicture(const Command& command);

  Channel& channel_;
  Graphics& graphics_;
  int pictureFile_;
  RmInfo* race_ = nullptr;
  std::string loadedTrack_;
  /// What the loaded track's own file says of its grid; NaN where it says nothing.
  float trackRows_ = 0, trackToStart_ = 0;
  bool aborted_ = false;
  std::optional<Command> next_;
  double paceStart_ = 0;
};

}  // namespace runner
