// SPDX-License-Identifier: GPL-2.0-or-later
#include "sensors.h"

#include <robottools.h>

#include <algorithm>
#include <cmath>

#include "range_finders.h"

namespace scr {
namespace {

/// Range of `track`, `focus` and `opponents`, m (2010 server and later).
constexpr float kRangeM = 200;
/// Time between two focus readings, s.
constexpr double kFocusCooldownS = 1;
/// Standard deviations of the competition's noise, as a share of the reading.
constexpr double kTrackNoise = 0.10, kOpponentNoise = 0.02, kFocusNoise = 0.01;
/// A jump of the distance from the start line by more than this is the line itself, m.
constexpr float kLineJumpM = 100;
constexpr double kDegree = 3.14159265358979323846 / 180;

}  // namespace

void Noise::seed(uint32_t seed) {
  // splitmix64's finaliser spreads neighbouring seeds; xorshift must not start at 0.
  uint64_t mix = seed + 0x9e3779b97f4a7c15ull;
  mix = (mix ^ (mix >> 30)) * 0xbf58476d1ce4e5b9ull;
  mix = (mix ^ (mix >> 27)) * 0x94d049bb133111ebull;
  state_ = (mix ^ (mix >> 31)) | 1;
  hasSpare_ = false;
}

double Noise::uniform() {
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return double((state_ * 0x2545f4914f6cdd1dull) >> 11) / 9007199254740992.0;
}

double Noise::normal() {
  if (hasSpare_) {
    hasSpare_ = false;
    return spare_;
  }
  for (;;) {
    const double x = 2 * uniform() - 1, y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    if (square >= 1 || square == 0) continue;
    const double factor = std::sqrt(-2 * std::log(square) / square);
    spare_ = y * factor;
    hasSpare_ = true;
    return x * factor;
  }
}

void SensorArray::start(const std::array<float, kRangeFinders>& anglesDeg, float trackLengthM, bool noise,
                        uint32_t seed) {
  anglesDeg_ = anglesDeg;
  trackLengthM_ = trackLengthM;
  noisy_ = noise;
  noise_.seed(seed);
  focusReadyAtS_ = 0;
  first_ = true;
  distanceRaced_ = 0;
}

void SensorArray::readRangeFinders(const tCarElt* car, bool onRoad, float* readings) {
  for (int i = 0; i < kRangeFinders; ++i) {
    if (!onRoad) {
      readings[i] = -1;
      continue;
    }
    const double heading = car->_yaw - anglesDeg_[i] * kDegree;
    readings[i] = distanceToEdge(car->_trkPos.seg, car->_pos_X, car->_pos_Y, heading, kRangeM);
    if (noisy_) readings[i] = noise_.apply(readings[i], kTrackNoise);
  }
}

void SensorArray::readFocus(const tCarElt* car, bool onRoad, int focusDeg, float* readings) {
  std::fill(readings, readings + kFocusRays, -1.0f);
  const double now = car->_curLapTime + car->_curTime;
  if (!onRoad || focusDeg == kNoFocus || now < focusReadyAtS_) return;
  focusReadyAtS_ = now + kFocusCooldownS;
  for (int i = 0; i < kFocusRays; ++i) {
    const double heading = car->_yaw - (focusDeg + i - kFocusRays / 2) * kDegree;
    readings[i] = distanceToEdge(car->_trkPos.seg, car->_pos_X, car->_pos_Y, heading, kRangeM);
    if (noisy_) readings[i] = noise_.apply(readings[i], kFocusNoise);
  }
}

void SensorArray::readOpponents(const tCarElt* car, const tSituation* situation, float* readings) {
  std::fill(readings, readings + kOpponentSectors, kRangeM);
  for (int i = 0; i < situation->_ncars; ++i) {
    const tCarElt* other = situation->cars[i];
    if (other == car) continue;
    const double dx = other->_pos_X - car->_pos_X, dy = other->_pos_Y - car->_pos_Y;
    const float distance = float(std::sqrt(dx * dx + dy * dy));
    if (distance <= 0 || distance >= kRangeM) continue;
    double bearing = car->_yaw - std::atan2(dy, dx);  // clockwise
    NORM_PI_PI(bearing);
    const int sector = int(std::floor((180 + bearing / kDegree) / 10));
    if (sector < 0 || sector >= kOpponentSectors) continue;
    readings[sector] = std::min(readings[sector], distance);
  }
  if (!noisy_) return;
  for (int i = 0; i < kOpponentSectors; ++i) readings[i] = noise_.apply(readings[i], kOpponentNoise);
}

void SensorArray::write(const tCarElt* car, const tSituation* situation, int focusDeg, MessageWriter& message) {
  const float fromStart = car->_distFromStartLine;
  if (!first_) {
    float covered = fromStart - lastFromStart_;
    if (covered > kLineJumpM) covered -= trackLengthM_;
    if (covered < -kLineJumpM) covered += trackLengthM_;
    distanceRaced_ += covered;
  }
  first_ = false;
  lastFromStart_ = fromStart;

  double angle = RtTrackSideTgAngleL(const_cast<tTrkLocPos*>(&car->_trkPos)) - car->_yaw;
  NORM_PI_PI(angle);
  const float trackPos = 2 * car->_trkPos.toMiddle / car->_trkPos.seg->width;
  const bool onRoad = trackPos >= -1 && trackPos <= 1;
  float opponents[kOpponentSectors], track[kRangeFinders], focus[kFocusRays], wheels[4];
  readOpponents(car, situation, opponents);
  readRangeFinders(car, onRoad, track);
  readFocus(car, onRoad, focusDeg, focus);
  for (int i = 0; i < 4; ++i) wheels[i] = car->_wheelSpinVel(i);

  constexpr float kKmhPerMs = 3.6f;
  message.clear();
  message.number("angle", float(angle));
  message.number("curLapTime", float(car->_curLapTime));
  message.integer("damage", car->_dammage);
  message.number("distFromStart", fromStart);
  message.number("distRaced", distanceRaced_);
  message.number("fuel", car->_fuel);
  message.integer("gear", car->_gear);
  message.number("lastLapTime", float(car->_lastLapTime));
  message.numbers("opponents", opponents, kOpponentSectors);
  message.integer("racePos", car->_pos);
  message.number("rpm", car->_enginerpm * 10);
  message.number("speedX", car->_speed_x * kKmhPerMs);
  message.number("speedY", car->_speed_y * kKmhPerMs);
  message.number("speedZ", car->_speed_z * kKmhPerMs);
  message.numbers("track", track, kRangeFinders);
  message.number("trackPos", trackPos);
  message.numbers("wheelSpinVel", wheels, 4);
  message.number("z", car->_pos_Z - RtTrackHeightL(const_cast<tTrkLocPos*>(&car->_trkPos)));
  message.numbers("focus", focus, kFocusRays);
}

}  // namespace scr
