// SPDX-License-Identifier: GPL-2.0-or-later
// The race engine's own states are walked through here, without the menus and files between them: ReStateManage() of
// TORCS' racestate.cpp shows their order.
#include "runner_race.h"

// TORCS' headers of the race engine need these before them.
#include <raceman.h>
#include <tgf.h>

#include <raceengine.h>
#include <raceinit.h>
#include <racemain.h>
#include <raceresults.h>
#include <robot.h>
#include <track.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

/// Reads parameters from memory (params.cpp); no header declares it.
extern void* GfParmReadBuf(char* buffer);

namespace runner {
namespace {

constexpr const char* kRaceName = "torcs-pilot";
constexpr const char* kOurModule = "torcs_pilot";
/// The game's quick race: places on the grid, m.
constexpr float kGridRows = 2, kGridToStart = 25, kGridColumnDistance = 20, kGridColumnOffset = 10;
/// The engine's clock of "real" time runs this much faster than the race, so that ReUpdate(), which makes two seconds
/// of it at a time, makes a single step: 3 s.
constexpr double kTimeFactor = 1500;
/// How far the race may lag behind the wall clock before it gives up catching up, s.
constexpr double kLongestLagS = 0.1;

Races* races = nullptr;
scr::Host host;

double nowS() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) + time.tv_nsec * 1e-9;
}

/// Names become parts of paths and of XML: letters, digits, - and _ only.
bool isName(const std::string& text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char letter : text) {
    if (!std::isalnum(static_cast<unsigned char>(letter)) && letter != '-' && letter != '_') return false;
  }
  return true;
}

template <typename Number>
bool readNumber(const std::string& text, Number low, Number high, Number& value) {
  Number parsed{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || !(parsed >= low && parsed <= high)) {
    return false;
  }
  value = parsed;
  return true;
}

bool readOpponents(const std::string& text, std::vector<std::pair<std::string, int>>& opponents) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(',', at), text.size());
    const std::string item = text.substr(at, end - at);
    at = end + 1;
    const size_t colon = item.find(':');
    int index = 0;
    if (colon == std::string::npos || !isName(item.substr(0, colon)) ||
        !readNumber(item.substr(colon + 1), 0, MAX_MOD_ITF - 1, index)) {
      return false;
    }
    opponents.emplace_back(item.substr(0, colon), index);
  }
  return opponents.size() < 40;
}

bool isFile(const std::string& path) { return access(path.c_str(), R_OK) == 0; }

std::string raceXml(const RaceOptions& options) {
  char buffer[2048];
  std::snprintf(buffer, sizeof buffer,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<params name=\"%s\">"
                "<section name=\"Header\"><attstr name=\"name\" val=\"%s\"/></section>"
                "<section name=\"Tracks\"><attnum name=\"maximum number\" val=\"1\"/><section name=\"1\">"
                "<attstr name=\"name\" val=\"%s\"/><attstr name=\"category\" val=\"%s\"/></section></section>"
                "<section name=\"Races\"><section name=\"1\"><attstr name=\"name\" val=\"%s\"/></section></section>"
                "<section name=\"%s\"><attnum name=\"distance\" unit=\"km\" val=\"0\"/>"
                "<attstr name=\"type\" val=\"race\"/><attstr name=\"starting order\" val=\"drivers list\"/>"
                "<attnum name=\"laps\" val=\"%d\"/><attnum name=\"fuel consumption factor\" val=\"%d\"/>"
                "<attnum name=\"damage factor\" val=\"%d\"/></section>"
                "<section name=\"Drivers\"><attnum name=\"maximum number\" val=\"40\"/>",
                kRaceName, kRaceName, options.track.c_str(), options.category.c_str(), kRaceName, kRaceName,
                options.laps, options.fuel ? 1 : 0, options.damage ? 1 : 0);
  std::string xml = buffer;
  int number = 0;
  const auto add = [&](const std::string& module, int index) {
    std::snprintf(buffer, sizeof buffer,
                  "<section name=\"%d\"><attstr name=\"module\" val=\"%s\"/><attnum name=\"idx\" val=\"%d\"/></section>",
                  ++number, module.c_str(), index);
    xml += buffer;
  };
  for (const auto& [module, index] : options.opponents) add(module, index);
  add(kOurModule, 0);
  return xml + "</section></params>\n";
}

tCarElt* ourCar(RmInfo* race) {
  for (int i = 0; i < race->s->_ncars; ++i) {
    if (std::strcmp(race->carList[i]._modName, kOurModule) == 0) return &race->carList[i];
  }
  return nullptr;
}

}  // namespace

std::string parseRaceOptions(const Command& command, RaceOptions& options) {
  for (const auto& [key, value] : command.words) {
    bool good = true;
    const auto flag = [&](bool& target) { return (target = value == "1") || value == "0"; };
    if (key == "track") {
      good = isName(options.track = value);
    } else if (key == "category") {
      good = isName(options.category = value);
    } else if (key == "start") {
      good = readNumber(value, 0.0, 1e6, options.startDistanceM);
    } else if (key == "laps") {
      good = readNumber(value, 1, 10000, options.laps);
    } else if (key == "seed") {
      good = readNumber(value, uint32_t(0), UINT32_MAX, options.seed);
    } else if (key == "damage") {
      good = flag(options.damage);
    } else if (key == "fuel") {
      good = flag(options.fuel);
    } else if (key == "noise") {
      good = flag(options.noise);
    } else if (key == "countdown") {
      good = flag(options.countdown);
    } else if (key == "realtime") {
      good = flag(options.realTime);
    } else if (key == "opponents") {
      good = readOpponents(value, options.opponents);
    } else {
      return "unknown option " + key;
    }
    if (!good) return "bad value of " + key;
  }
  if (options.track.empty() || options.category.empty()) return "track and category are needed";
  const std::string data = GetDataDir();
  if (!isFile(data + "tracks/" + options.category + "/" + options.track + "/" + options.track + ".xml")) {
    return "no track " + options.category + "/" + options.track;
  }
  for (const auto& [module, index] : options.opponents) {
    const std::string name = module + "/" + module;
    if (!isFile(GetLibDir() + ("drivers/" + name + ".so")) || !isFile(data + "drivers/" + name + ".xml")) {
      return "no robot " + module;
    }
    if (module == "human") return "a human is no opponent here";
  }
  return "";
}

std::string Races::start() {
  races = this;
  host.commandFd = channel_.fd();
  host.ready = [](int index, int port) { races->ready(index, port); };
  host.service = [] { return races->service(); };
  host.pace = [](double time) { races->pace(time); };

  race_ = static_cast<RmInfo*>(std::calloc(1, sizeof(RmInfo)));
  race_->s = static_cast<tSituation*>(std::calloc(1, sizeof(tSituation)));
  ReInfo = race_;
  race_->modList = &ReRaceModList;
  race_->_displayMode = RM_DISP_MODE_CONSOLE;
  race_->_reFilename = strdup(kRaceName);
  char path[1024];
  std::snprintf(path, sizeof path, "%sconfig/raceengine.xml", GetLocalDir());
  race_->_reParam = GfParmReadFile(path, GFPARM_RMODE_REREAD | GFPARM_RMODE_CREAT);
  std::snprintf(path, sizeof path, "%smodules/track/%s.so", GetLibDir(),
                GfParmGetStr(race_->_reParam, "Modules", "track", "track"));
  tModList* modules = nullptr;
  if (GfModLoad(0, path, &modules) != 0) return std::string("cannot load ") + path;
  modules->modInfo->fctInit(modules->modInfo->index, &race_->_reTrackItf);
  return "";
}

/// Reads the race's description and loads the track. Empty, or what went wrong.
std::string Races::prepare(const RaceOptions& options) {
  if (race_->params) GfParmReleaseHandle(race_->params);
  if (race_->results) GfParmReleaseHandle(race_->results);
  std::string xml = raceXml(options);
  race_->params = GfParmReadBuf(xml.data());
  if (!race_->params) return "the game does not read the race's description";
  race_->_reName = GfParmGetStr(race_->params, RM_SECT_HEADER, RM_ATTR_NAME, "");
  race_->raceRules = {};
  ReInitResults();

  const std::string track = options.category + "/" + options.track;
  if (track != loadedTrack_) {
    // The game's own restart keeps the track as well, so only another one is loaded.
    graphics_.endTrack(race_);
    loadedTrack_.clear();
    if (ReInitTrack() != 0 || !race_->track || race_->track->nseg < 1) return "the game cannot load the track " + track;
    loadedTrack_ = track;
    trackRows_ = GfParmGetNum(race_->track->params, RM_SECT_STARTINGGRID, RM_ATTR_ROWS, nullptr, NAN);
    trackToStart_ = GfParmGetNum(race_->track->params, RM_SECT_STARTINGGRID, RM_ATTR_TOSTART, nullptr, NAN);
  }
  ReEventInitResults();
  placeOnGrid(options);
  return "";
}

/// Says where the cars stand. The track's own wishes come before a race's, so they are set there.
void Races::placeOnGrid(const RaceOptions& options) {
  void* track = race_->track->params;
  const auto set = [&](const char* key, float value) {
    GfParmSetNum(track, RM_SECT_STARTINGGRID, key, nullptr, value);
  };
  if (options.startDistanceM < 0) {
    set(RM_ATTR_ROWS, std::isnan(trackRows_) ? kGridRows : trackRows_);
    set(RM_ATTR_TOSTART, std::isnan(trackToStart_) ? kGridToStart : trackToStart_);
  } else {
    // In the middle of the road, ours behind the others. The grid must not straddle the line: the engine would
    // look for a place before the start of the track for ever.
    const float length = race_->track->length;
    const float ahead = float(options.opponents.size()) * kGridColumnDistance;
    const float wanted = float(std::fmod(options.startDistanceM, length));
    set(RM_ATTR_ROWS, 1);
    set(RM_ATTR_TOSTART, std::max(length - wanted - ahead, 1.0f));
    if (options.opponents.empty()) set(RM_ATTR_TOSTART, length - wanted);
  }
  set(RM_ATTR_COLDIST, GfParmGetNum(track, RM_SECT_STARTINGGRID, RM_ATTR_COLDIST, nullptr, kGridColumnDistance));
  set(RM_ATTR_COLOFFSET, GfParmGetNum(track, RM_SECT_STARTINGGRID, RM_ATTR_COLOFFSET, nullptr, kGridColumnOffset));
  set(RM_ATTR_INITHEIGHT, GfParmGetNum(track, RM_SECT_STARTINGGRID, RM_ATTR_INITHEIGHT, nullptr, 0.2f));
}

const char* Races::reasonToEnd() const {
  if (next_ || aborted_ || channel_.closed()) return "aborted";
  if (host.restartRequested) return "restart";
  const tCarElt* car = ourCar(race_);
  if (race_->s->_raceState == RM_RACE_ENDED || !car || (car->_state & RM_CAR_STATE_FINISH) != 0) {
    return car && (car->_state & RM_CAR_STATE_DNF) != 0 ? "removed" : "finished";
  }
  if ((car->_state & (RM_CAR_STATE_DNF | RM_CAR_STATE_PULLUP | RM_CAR_STATE_PULLSIDE | RM_CAR_STATE_PULLDN)) != 0) {
    return "removed";
  }
  return nullptr;
}

std::optional<Command> Races::run(const RaceOptions& options) {
  next_.reset();
  aborted_ = false;
  paceStart_ = -1;
  host.noise = options.noise;
  host.seed = options.seed;
  host.countdown = options.countdown;
  host.realTime = options.realTime;
  host.tick = 0;
  host.restartRequested = false;
  // Robots and the simulation draw from C's own generator: the same race is the same again.
  srand(options.seed + 1);
  srandom(options.seed + 1);

  std::string problem = prepare(options);
  if (problem.empty()) {
    RePreRace();
    if (ReRaceStart() & RM_QUIT) problem = "the game cannot start the race";
  }
  if (!problem.empty()) {
    channel_.line("error code=ERR_RACE " + problem);
    return std::move(next_);
  }
  race_->_reTimeMult = kTimeFactor;
  const char* reason;
  while (!(reason = reasonToEnd())) ReUpdate();
  const std::string over = std::string("over reason=") + reason;
  finish();
  channel_.line(over);
  return std::move(next_);
}

void Races::finish() {
  graphics_.endRace(race_);
  ReRaceCleanup();
  std::free(race_->_reCarInfo);
  race_->_reCarInfo = nullptr;
}

void Races::ready(int, int port) {
  char line[256];
  std::snprintf(line, sizeof line, "ready port=%d length=%.9g width=%.9g", port, race_->track->length,
                race_->track->width);
  channel_.line(line);
}

bool Races::service() {
  while (auto command = channel_.poll()) {
    if (command->verb == "picture") {
      sendPicture(*command);
    } else if (command->verb == "abort") {
      aborted_ = true;
      return false;
    } else {
      next_ = std::move(command);
      return false;
    }
  }
  return !channel_.closed();
}

void Races::sendPicture(const Command& command) {
  const std::string problem = graphics_.draw(race_);
  if (!problem.empty()) {
    channel_.line("error code=ERR_PICTURE " + problem);
    return;
  }
  const auto& pixels = graphics_.pixels();
  const std::string* way = command.find("way");
  const bool byFile = way && *way == "file" && pictureFile_ >= 0;
  if (byFile && pwrite(pictureFile_, pixels.data(), pixels.size(), 0) != ssize_t(pixels.size())) {
    channel_.line("error code=ERR_PICTURE cannot write the picture's file");
    return;
  }
  char line[128];
  std::snprintf(line, sizeof line, "picture tick=%lld bytes=%zu\n", static_cast<long long>(host.tick),
                byFile ? size_t(0) : pixels.size());
  channel_.send(line, pixels.data(), byFile ? 0 : pixels.size());
}

void Races::pace(double simulatedTimeS) {
  const double now = nowS();
  if (paceStart_ < 0) paceStart_ = now - simulatedTimeS;
  const double due = paceStart_ + simulatedTimeS;
  if (now > due + kLongestLagS) paceStart_ = now - simulatedTimeS;
  if (now >= due) return;
  timespec until{time_t(due), long((due - std::floor(due)) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace runner

extern "C" scr::Host* torcsPilotHost() { return &runner::host; }
