// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <car.h>
#include <raceman.h>

#include <array>
#include <cstdint>

#include "messages.h"

namespace scr {

/// Normal numbers from a seed (xorshift64* of Vigna 2016, polar method of Marsaglia): noise that can be repeated.
class Noise {
 public:
  void seed(uint32_t seed);
  /// A reading with multiplicative noise of this standard deviation.
  float apply(float reading, double deviation) { return float(reading * (1.0 + deviation * normal())); }

 private:
  double normal();
  double uniform();
  uint64_t state_ = 1;
  double spare_ = 0;
  bool hasSpare_ = false;
};

/// Reads one car's SCR sensors. Definitions: the 2013 competition server's (Loiacono, Cardamone, Lanzi, arXiv
/// 1304.1672, and the server's code where the two disagree).
class SensorArray {
 public:
  /// @param noise whether readings carry the competition's noise
  void start(const std::array<float, kRangeFinders>& anglesDeg, float trackLengthM, bool noise, uint32_t seed);

  /// Writes this instant's state into `message` (cleared first), keys in the 2013 server's order.
  /// @param focusDeg the direction that the last command asked for, or kNoFocus
  void write(const tCarElt* car, const tSituation* situation, int focusDeg, MessageWriter& message);

 private:
  void readRangeFinders(const tCarElt* car, bool onRoad, float* readings);
  void readFocus(const tCarElt* car, bool onRoad, int focusDeg, float* readings);
  void readOpponents(const tCarElt* car, const tSituation* situation, float* readings);

  std::array<float, kRangeFinders> anglesDeg_{};
  bool noisy_ = false;
  Noise noise_;
  double focusReadyAtS_ = 0;
  bool first_ = true;
  float trackLengthM_ = 0;
  float lastFromStart_ = 0;
  float distanceRaced_ = 0;
};

}  // namespace scr
