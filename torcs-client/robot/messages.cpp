// SPDX-License-Identifier: GPL-2.0-or-later
#include "messages.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace scr {
namespace {

bool isSpace(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

/// Takes the next word off the front of `rest`; empty when there is none.
std::string_view takeWord(std::string_view& rest) {
  size_t begin = 0;
  while (begin < rest.size() && isSpace(rest[begin])) ++begin;
  size_t end = begin;
  while (end < rest.size() && !isSpace(rest[end])) ++end;
  const auto word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

/// Walks over the groups "(tag values)" of a datagram, in order; text between them is skipped.
template <typename Visit>
void forEachGroup(std::string_view datagram, Visit visit) {
  size_t at = 0;
  while ((at = datagram.find('(', at)) != std::string_view::npos) {
    const size_t end = datagram.find(')', at);
    if (end == std::string_view::npos) return;
    auto inside = datagram.substr(at + 1, end - at - 1);
    const auto tag = takeWord(inside);
    visit(tag, inside);
    at = end + 1;
  }
}

std::string_view withoutPlus(std::string_view word) {
  if (word.size() > 1 && word[0] == '+') word.remove_prefix(1);
  return word;
}

/// The number that a word begins with, as C++ streams read it; nothing when it begins with none.
std::optional<float> toFloat(std::string_view word) {
  word = withoutPlus(word);
  float value = 0;
  const auto result = std::from_chars(word.data(), word.data() + word.size(), value);
  if (result.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// The whole number that a word begins with ("1.000" is 1); nothing when it begins with none.
template <typename Integer>
std::optional<Integer> toInteger(std::string_view word) {
  word = withoutPlus(word);
  Integer value = 0;
  const auto result = std::from_chars(word.data(), word.data() + word.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

bool isIdentification(std::string_view datagram) { return datagram.substr(0, 3) == "SCR"; }

Identification parseIdentification(std::string_view datagram) {
  Identification result;
  for (int i = 0; i < kRangeFinders; ++i) result.anglesDeg[i] = -90.0f + 10.0f * i;
  bool seenInit = false;
  forEachGroup(datagram, [&](std::string_view tag, std::string_view values) {
    if (tag == "init" && !seenInit) {
      seenInit = true;
      std::array<float, kRangeFinders> angles;
      int count = 0;
      while (count < kRangeFinders) {
        const auto angle = toFloat(takeWord(values));
        if (!angle) break;
        angles[count++] = *angle;
      }
      if (count == kRangeFinders) result.anglesDeg = angles;
    } else if (tag == "lockstep" && !result.session) {
      const auto session = toInteger<int64_t>(takeWord(values));
      if (session && *session >= 1 && *session <= INT32_MAX) result.session = session;
    }
  });
  return result;
}

Controls parseControls(std::string_view datagram) {
  Controls controls;
  enum : unsigned { kAccel = 1, kBrake = 2, kGear = 4, kSteer = 8, kClutch = 16, kFocus = 32, kMeta = 64 };
  unsigned seen = 0;  // the first group of a tag wins
  const auto first = [&](unsigned key) { return (seen & key) ? false : (seen |= key, true); };
  forEachGroup(datagram, [&](std::string_view tag, std::string_view values) {
    const auto word = [&] { return takeWord(values); };
    if (tag == "accel") {
      if (first(kAccel)) controls.accel = toFloat(word()).value_or(0.0f);
    } else if (tag == "brake") {
      if (first(kBrake)) controls.brake = toFloat(word()).value_or(0.0f);
    } else if (tag == "gear") {
      if (first(kGear)) controls.gear = toInteger<int>(word()).value_or(0);
    } else if (tag == "steer") {
      if (first(kSteer)) controls.steer = toFloat(word()).value_or(0.0f);
    } else if (tag == "clutch") {
      if (first(kClutch)) controls.clutch = toFloat(word()).value_or(0.0f);
    } else if (tag == "focus") {
      if (first(kFocus)) controls.focus = toInteger<int>(word()).value_or(0);
    } else if (tag == "meta") {
      if (first(kMeta)) controls.meta = toInteger<int>(word()).value_or(0);
    }
  });
  if (controls.focus < -90 || controls.focus > 90) controls.focus = kNoFocus;
  return controls;
}

Lockstep parseLockstep(std::string_view datagram) {
  Lockstep lockstep;
  forEachGroup(datagram, [&](std::string_view tag, std::string_view values) {
    if (tag == "session" && !lockstep.session) lockstep.session = toInteger<int64_t>(takeWord(values));
    if (tag == "tick" && !lockstep.tick) lockstep.tick = toInteger<int64_t>(takeWord(values));
  });
  return lockstep;
}

void MessageWriter::append(char letter) {
  if (length_ < buffer_.size() - 1) buffer_[length_++] = letter;
}

void MessageWriter::append(float value) {
  // Saturated and empty readings are most of a message: spare them the conversion.
  if (value == 200.0f) return text("200");
  char digits[32];
  // Six significant digits in general notation is what C++ streams and %g print.
  const auto result = std::to_chars(digits, digits + sizeof digits, double(value), std::chars_format::general, 6);
  text({digits, size_t(result.ptr - digits)});
}

void MessageWriter::text(std::string_view text) {
  const size_t room = buffer_.size() - 1 - length_;
  const size_t count = std::min(room, text.size());
  std::memcpy(buffer_.data() + length_, text.data(), count);
  length_ += count;
}

void MessageWriter::number(std::string_view key, float value) { numbers(key, &value, 1); }

void MessageWriter::integer(std::string_view key, int64_t value) {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  append('(');
  text(key);
  append(' ');
  text({digits, size_t(result.ptr - digits)});
  append(')');
}

void MessageWriter::numbers(std::string_view key, const float* values, int count) {
  append('(');
  text(key);
  for (int i = 0; i < count; ++i) {
    append(' ');
    append(values[i]);
  }
  append(')');
}

std::string_view MessageWriter::datagram() {
  buffer_[length_] = '\0';
  return {buffer_.data(), length_ + 1};
}

}  // namespace scr
