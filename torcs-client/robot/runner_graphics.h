// SPDX-License-Identifier: GPL-2.0-or-later
// The game's own graphics without a window: an OpenGL context that needs no display server (EGL, surfaceless), the
// game's graphics module drawing into it, and the picture read back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct RmInfo;

namespace runner {

/// Size of the pictures; 0 without a camera.
int pictureWidth();
int pictureHeight();

class Graphics {
 public:
  /// Makes the OpenGL context and starts the game's screen code. Empty, or what went wrong.
  std::string start(int width, int height);

  bool started() const { return started_; }

  /// Draws what the camera sees now. Loads track and cars when this race has not been drawn yet. Empty, or what went
  /// wrong. The picture is in `pixels()` afterwards: RGB, top row first.
  std::string draw(RmInfo* race);

  const std::vector<uint8_t>& pixels() const { return pixels_; }

  /// Lets go of the cars of the race that ends. Call it before the race engine frees them.
  void endRace(RmInfo* race);

  /// Lets go of the track. Call it before another one is loaded.
  void endTrack(RmInfo* race);

 private:
  std::string loadModule(RmInfo* race);
  bool started_ = false;
  bool moduleLoaded_ = false;
  bool trackLoaded_ = false;
  bool carsLoaded_ = false;
  void* screen_ = nullptr;
  std::vector<uint8_t> pixels_;
};

}  // namespace runner
