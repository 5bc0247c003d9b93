// SPDX-License-Identifier: GPL-2.0-or-later
#include "runner_guardian.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace runner {
namespace {

constexpr const char* kMarkerFile = ".torcs-pilot-overlay";

int removeEntry(const char* path, const struct stat*, int, FTW*) {
  (void)::remove(path);
  return 0;
}

void removeFolder(const std::string& folder) {
  if (folder.empty() || access((folder + "/" + kMarkerFile).c_str(), F_OK) != 0) return;
  // FTW_PHYS: a link is an entry like a file; FTW_MOUNT: nothing of another file system.
  (void)nftw(folder.c_str(), removeEntry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/// Ends this process as the game ended, so that whoever started it sees the game's own exit code or signal.
[[noreturn]] void endLike(int status) {
  if (WIFSIGNALED(status)) {
    const rlimit noCore{0, 0};
    setrlimit(RLIMIT_CORE, &noCore);  // the game has left one already, where that is wanted
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

[[noreturn]] void guard(pid_t game, int gameFd, int channelFd, const std::string& ownedFolder) {
  for (;;) {
    // No POLLIN: what is said on the channel is for the game. POLLRDHUP and POLLHUP mean that the other side is gone.
    pollfd watched[2] = {{channelFd, POLLRDHUP, 0}, {gameFd, POLLIN, 0}};
    if (poll(watched, 2, -1) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    // First, because the game ends too when it sees the hang-up.
    if (watched[0].revents != 0) break;
    if (watched[1].revents != 0) {
      int status = 0;
      while (waitpid(game, &status, 0) < 0 && errno == EINTR) {
      }
      endLike(status);
    }
  }
  kill(game, SIGKILL);
  while (waitpid(game, nullptr, 0) < 0 && errno == EINTR) {
  }
  removeFolder(ownedFolder);
  _exit(0);
}

}  // namespace

void splitOffGuardian(int channelFd, const std::string& ownedFolder) {
  // Ctrl-C goes to the whole group of processes; whether the game ends is for the process that started it to say.
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  const pid_t guardian = getpid();
  const pid_t game = fork();
  if (game < 0) {
    std::perror("torcs-pilot-runner: fork");
    _exit(1);
  }
  if (game == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guardian) _exit(1);  // it died before the line above
    return;
  }
  const int gameFd = int(syscall(SYS_pidfd_open, game, 0));
  if (gameFd < 0) {
    std::perror("torcs-pilot-runner: pidfd_open");
    kill(game, SIGKILL);
    _exit(1);
  }
  guard(game, gameFd, channelFd, ownedFolder);
}

}  // namespace runner
