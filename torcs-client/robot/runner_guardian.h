// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace runner {

/// Splits the program in two: the process that was started becomes a guardian, which never returns from here, and its
/// child returns and runs the game. The guardian looks at nothing but the hang-up of the control channel: when the
/// process at its other end is gone, it kills the game, whatever that is doing (in a loop, stopped), deletes the
/// game's folder and exits. When the game ends by itself, the guardian ends in the same way (exit code or signal).
/// @param ownedFolder the folder to delete when the other side is gone, or empty. Only a folder that holds the file
///   `.torcs-pilot-overlay` is deleted; links are unlinked, never followed.
void splitOffGuardian(int channelFd, const std::string& ownedFolder);

}  // namespace runner
