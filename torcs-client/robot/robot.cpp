// SPDX-License-Identifier: GPL-2.0-or-later
// The robot module `torcs_pilot`: ten cars that an SCR client drives. In stock TORCS it listens on the ports 3001 to
// 3010; in the headless runner on a port that the system chooses.
#include <car.h>
#include <dlfcn.h>
#include <raceman.h>
#include <robot.h>
#include <tgf.h>
#include <track.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

#include "host.h"
#include "sensors.h"
#include "session.h"

namespace {

using namespace scr;

constexpr int kCars = 10;
constexpr int kFirstPort = 3001;

/// One car from the start of its race to the end.
struct Pilot {
  explicit Pilot(Host* host) : session(host) {}
  Session session;
  SensorArray sensors;
  MessageWriter message;
  Controls controls = [] {
    Controls none;
    none.gear = 0;  // what a car does before the first command
    return none;
  }();
  int64_t tick = 0;
  bool restart = false;
  bool over = false;
};

tTrack* currentTrack = nullptr;
std::unique_ptr<Pilot> pilots[kCars];

Host* findHost() {
  const auto find = reinterpret_cast<Host* (*)()>(dlsym(RTLD_DEFAULT, "torcsPilotHost"));
  Host* host = find ? find() : nullptr;
  return host && host->version == kHostVersion ? host : nullptr;
}

void newTrack(int, tTrack* track, void*, void** carSettings, tSituation*) {
  currentTrack = track;
  *carSettings = nullptr;
}

void newRace(int index, tCarElt*, tSituation*) {
  Host* host = findHost();
  auto& pilot = pilots[index] = std::make_unique<Pilot>(host);
  const int port = pilot->session.open(host ? 0 : kFirstPort + index, host != nullptr);
  if (port < 0) {
    std::fprintf(stderr, "torcs_pilot %d: cannot listen on UDP port %d: %s\n", index + 1,
                 host ? 0 : kFirstPort + index, std::strerror(errno));
    pilot->over = true;
    return;
  }
  if (host) host->ready(index, port);
  if (!pilot->session.identify()) {
    pilot->over = true;
    return;
  }
  const bool noise = host && host->noise;
  pilot->sensors.start(pilot->session.anglesDeg(), currentTrack->length, noise, host ? host->seed : 0);
}

float clamped(float value, float low, float high) { return std::clamp(std::isfinite(value) ? value : 0.0f, low, high); }

void apply(const Controls& controls, tCarElt* car) {
  car->_accelCmd = clamped(controls.accel, 0, 1);
  car->_brakeCmd = clamped(controls.brake, 0, 1);
  car->_clutchCmd = clamped(controls.clutch, 0, 1);
  car->_steerCmd = clamped(controls.steer, -1, 1);
  car->_gearCmd = controls.gear;
}

void drive(int index, tCarElt* car, tSituation* situation) {
  std::memset(&car->ctrl, 0, sizeof car->ctrl);
  Pilot* pilot = pilots[index].get();
  if (!pilot || pilot->over) return;
  Host* host = findHost();
  // The clock of the race is negative while the cars wait for the start.
  if (situation->currentTime < 0 && host && !host->countdown) return;
  if (host && host->realTime) host->pace(situation->currentTime);
  if (host) host->tick = pilot->tick;

  pilot->sensors.write(car, situation, pilot->controls.focus, pilot->message);
  const Outcome outcome = pilot->session.exchange(pilot->message, pilot->tick, pilot->controls);
  ++pilot->tick;
  if (outcome == Outcome::Stopped) {
    pilot->over = true;
    return;
  }
  apply(pilot->controls, car);
  if (pilot->controls.meta == 1) {
    pilot->over = true;
    pilot->restart = true;
    if (host) {
      host->restartRequested = true;
    } else {
      // Stock TORCS starts no race by itself: this ends the race, and its menu starts the next.
      situation->_raceState = RM_RACE_ENDED;
    }
  }
}

int pit(int, tCarElt*, tSituation*) { return ROB_PIT_IM; }

void endRace(int, tCarElt*, tSituation*) {}

void shutdownPilot(int index) {
  if (pilots[index]) pilots[index]->session.farewell(pilots[index]->restart);
  pilots[index].reset();
}

int fillInterface(int index, void* target) {
  auto* robot = static_cast<tRobotItf*>(target);
  robot->rbNewTrack = newTrack;
  robot->rbNewRace = newRace;
  robot->rbDrive = drive;
  robot->rbPitCmd = pit;
  robot->rbEndRace = endRace;
  robot->rbShutdown = shutdownPilot;
  robot->index = index;
  return 0;
}

}  // namespace

extern "C" int torcs_pilot(tModInfo* modules) {
  std::memset(modules, 0, kCars * sizeof(tModInfo));
  for (int i = 0; i < kCars; ++i) {
    char name[32];
    std::snprintf(name, sizeof name, "torcs_pilot %d", i + 1);
    modules[i].name = strdup(name);  // TORCS frees both
    modules[i].desc = strdup("car that an SCR client drives");
    modules[i].fctInit = fillInterface;
    modules[i].gfId = ROB_IDENT;
    modules[i].index = i;
  }
  return 0;
}
