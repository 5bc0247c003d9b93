// SPDX-License-Identifier: GPL-2.0-or-later
// SCR datagrams as text: what the client sends is parsed by the 2013 server's rules, what the robot sends is written
// with the 2013 server's digits.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace scr {

constexpr int kRangeFinders = 19;
constexpr int kOpponentSectors = 36;
constexpr int kFocusRays = 5;
/// The value that stands for "no focus reading asked for".
constexpr int kNoFocus = 360;

/// One command. The initial values are the server's defaults for keys that a datagram lacks.
struct Controls {
  float accel = 0;
  float brake = 0;
  int gear = 1;
  float steer = 0;
  float clutch = 0;
  int focus = 0;
  int meta = 0;
};

/// The groups of the lockstep extension (PROTOCOL.md); absent in a classic client's datagrams.
struct Lockstep {
  std::optional<int64_t> session;
  std::optional<int64_t> tick;
};

/// Client's first datagram.
struct Identification {
  std::array<float, kRangeFinders> anglesDeg;
  std::optional<int64_t> session;
};

/// True for a datagram that introduces a client: it begins with "SCR".
bool isIdentification(std::string_view datagram);

/// Parses a first datagram. Fewer than 19 angles give the default ones, -90 to 90 in steps of 10.
Identification parseIdentification(std::string_view datagram);

/// Parses a command. Numbers that are no finite number become 0, as in the 2013 server; nothing else is clamped.
Controls parseControls(std::string_view datagram);

/// Reads the lockstep groups of a command.
Lockstep parseLockstep(std::string_view datagram);

/// Writes groups one after the other into a fixed buffer; what does not fit is left out.
class MessageWriter {
 public:
  void clear() { length_ = 0; }
  void number(std::string_view key, float value);
  void integer(std::string_view key, int64_t value);
  void numbers(std::string_view key, const float* values, int count);
  void text(std::string_view text);
  std::string_view view() const { return {buffer_.data(), length_}; }
  /// The datagram: the text and the NUL that SCR servers end with.
  std::string_view datagram();

 private:
  void append(float value);
  void append(char letter);
  std::array<char, 4096> buffer_;
  size_t length_ = 0;
};

}  // namespace scr
