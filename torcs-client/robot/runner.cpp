// SPDX-License-Identifier: GPL-2.0-or-later
// torcs-pilot-runner: TORCS without a window, race after race in one process, on command of the process that started
// it. That process passes one end of a socket pair as file descriptor 3.
#include <fcntl.h>
#include <linuxspec.h>
#include <sys/socket.h>
#include <tgf.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "runner_channel.h"
#include "runner_graphics.h"
#include "runner_guardian.h"
#include "runner_race.h"

namespace {

constexpr int kChannelFd = 3;
/// Spoken on the channel; the process at the other end refuses another one.
constexpr int kChannelVersion = 1;

struct Arguments {
  std::string local, library, data, ownedFolder;
  int pictureFd = -1;
  int width = 0, height = 0;
};

bool parseArguments(int count, char** values, Arguments& arguments) {
  for (int i = 1; i < count; i += 2) {
    const std::string name = values[i];
    if (i + 1 >= count) return false;
    const std::string value = values[i + 1];
    if (name == "--local") {
      arguments.local = value + "/";
    } else if (name == "--library") {
      arguments.library = value + "/";
    } else if (name == "--data") {
      arguments.data = value + "/";
    } else if (name == "--picture-fd") {
      arguments.pictureFd = std::atoi(value.c_str());
    } else if (name == "--owned-folder") {
      arguments.ownedFolder = value;
    } else if (name == "--camera") {
      int end = 0;
      if (std::sscanf(value.c_str(), "%5dx%5d%n", &arguments.width, &arguments.height, &end) != 2 ||
          size_t(end) != value.size() || arguments.width < 1 || arguments.width > 4096 || arguments.height < 1 ||
          arguments.height > 4096) {
        return false;
      }
    } else {
      return false;
    }
  }
  return !arguments.local.empty() && !arguments.library.empty() && !arguments.data.empty();
}

int usage() {
  std::fprintf(stderr,
               "usage: torcs-pilot-runner --local FOLDER --library FOLDER --data FOLDER [--camera WxH]\n"
               "         [--picture-fd NUMBER] [--owned-folder FOLDER]\n"
               "It is started by torcs-pilot, with a socket as file descriptor 3.\n");
  return 2;
}

bool isSocket(int fd) {
  int type = 0;
  socklen_t length = sizeof type;
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
}

}  // namespace

int main(int argumentCount, char** argumentValues) {
  Arguments arguments;
  if (!parseArguments(argumentCount, argumentValues, arguments) || !isSocket(kChannelFd)) return usage();
  runner::splitOffGuardian(kChannelFd, arguments.ownedFolder);
  fcntl(kChannelFd, F_SETFD, FD_CLOEXEC);

  runner::Channel channel(kChannelFd);
  const auto fail = [&](const std::string& problem) {
    channel.line("error code=ERR_START " + problem);
    std::fprintf(stderr, "torcs-pilot-runner: %s\n", problem.c_str());
    _exit(1);
  };
  if (chdir(arguments.data.c_str()) != 0) fail("cannot enter " + arguments.data);
  SetLocalDir(arguments.local.data());
  SetLibDir(arguments.library.data());
  SetDataDir(arguments.data.data());
  LinuxSpecInit();

  runner::Graphics graphics;
  if (arguments.width > 0) {
    const std::string problem = graphics.start(arguments.width, arguments.height);
    if (!problem.empty()) fail(problem);
  }
  runner::Races races(channel, graphics, arguments.pictureFd);
  const std::string problem = races.start();
  if (!problem.empty()) fail(problem);
  char hello[96];
  std::snprintf(hello, sizeof hello, "hello version=%d pid=%d", kChannelVersion, int(getpid()));
  channel.line(hello);

  std::optional<runner::Command> command;
  while (!channel.closed()) {
    if (!command && !(command = channel.poll())) {
      if (!channel.closed()) channel.wait();
      continue;
    }
    const runner::Command current = std::move(*command);
    command.reset();
    if (current.verb == "quit") break;
    if (current.verb == "race") {
      runner::RaceOptions options;
      const std::string mistake = runner::parseRaceOptions(current, options);
      if (mistake.empty()) {
        command = races.run(options);
      } else {
        channel.line("error code=ERR_INVALID_ARGUMENT " + mistake);
      }
    } else if (current.verb == "picture") {
      channel.line("error code=ERR_PICTURE no race is under way");
    } else if (current.verb != "abort") {
      channel.line("error code=ERR_INVALID_ARGUMENT unknown command " + current.verb);
    }
  }
  // The game's own way out frees what the end of the process frees anyway,.
  _exit(0);
}
