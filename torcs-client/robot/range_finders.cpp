// SPDX-License-Identifier: GPL-2.0-or-later
// A ray is walked through the road segment by segment. Each segment is a closed figure (a strip, or a piece of a
// ring); the ray leaves it either through an edge of the road, and then that is the reading, or through its start or
// end, and then the walk goes on in the neighbour.
#include "range_finders.h"

#include <cmath>

namespace scr {
namespace {

enum class Exit { None, Edge, Start, End };

/// The first way out of a segment found so far.
struct Way {
  double distance;
  Exit exit = Exit::None;

  void offer(double candidate, double entered, Exit through) {
    // A ray that has just crossed into this segment stands on its border: a hair before the entry still counts.
    if (candidate < entered - 1e-3 || candidate >= distance) return;
    distance = candidate < entered ? entered : candidate;
    exit = through;
  }
};

struct Ray {
  double x, y, dx, dy;

  /// Crossing of the line through (px, py) along (lx, ly), if the ray crosses it from its left to its right.
  bool crossesToTheRight(double px, double py, double lx, double ly, double& distance) const {
    const double across = lx * dy - ly * dx;
    if (across >= -1e-12) return false;
    distance = (lx * (py - y) - ly * (px - x)) / across;
    return true;
  }
};

Way leaveStraight(const Ray& ray, const tTrackSeg* segment, double entered, double range) {
  Way way{range};
  double distance;
  const t3Dd &sl = segment->vertex[TR_SL], &sr = segment->vertex[TR_SR];
  const t3Dd &el = segment->vertex[TR_EL], &er = segment->vertex[TR_ER];
  // Each side is walked so that the segment lies on its left.
  if (ray.crossesToTheRight(sr.x, sr.y, er.x - sr.x, er.y - sr.y, distance)) way.offer(distance, entered, Exit::Edge);
  if (ray.crossesToTheRight(el.x, el.y, sl.x - el.x, sl.y - el.y, distance)) way.offer(distance, entered, Exit::Edge);
  if (ray.crossesToTheRight(er.x, er.y, el.x - er.x, el.y - er.y, distance)) way.offer(distance, entered, Exit::End);
  if (ray.crossesToTheRight(sl.x, sl.y, sr.x - sl.x, sr.y - sl.y, distance)) way.offer(distance, entered, Exit::Start);
  return way;
}

Way leaveCurve(const Ray& ray, const tTrackSeg* segment, double entered, double range) {
  Way way{range};
  const double cx = segment->center.x, cy = segment->center.y;
  const bool left = segment->type == TR_LFT;
  const double inner = left ? segment->radiusl : segment->radiusr;
  const double outer = left ? segment->radiusr : segment->radiusl;
  // |o + t d - c|^2 = r^2, with d of length 1.
  const double ox = ray.x - cx, oy = ray.y - cy;
  const double half = ox * ray.dx + oy * ray.dy;
  const double square = ox * ox + oy * oy;
  const double outside = half * half - square + outer * outer;
  if (outside >= 0) way.offer(-half + std::sqrt(outside), entered, Exit::Edge);
  const double inside = half * half - square + inner * inner;
  if (inside >= 0 && half < 0) way.offer(-half - std::sqrt(inside), entered, Exit::Edge);
  // The two radii that bound the piece of ring, walked so that the segment lies on the left.
  const auto radius = [&](const t3Dd& edge, bool inwards, Exit exit) {
    const double rx = edge.x - cx, ry = edge.y - cy;
    double distance;
    if (!ray.crossesToTheRight(cx, cy, inwards ? -rx : rx, inwards ? -ry : ry, distance)) return;
    // Only this side of the centre: the radius, not the whole line.
    if ((ox + distance * ray.dx) * rx + (oy + distance * ray.dy) * ry > 0) way.offer(distance, entered, exit);
  };
  radius(segment->vertex[left ? TR_ER : TR_EL], left, Exit::End);
  radius(segment->vertex[left ? TR_SR : TR_SL], !left, Exit::Start);
  return way;
}

}  // namespace

float distanceToEdge(const tTrackSeg* segment, float x, float y, double headingRad, float rangeM) {
  const Ray ray{x, y, std::cos(headingRad), std::sin(headingRad)};
  double entered = 0;
  constexpr int kMostSegments = 4096;  // a ray of 200 m crosses far fewer: an end for broken geometry
  for (int i = 0; i < kMostSegments && entered < rangeM; ++i) {
    const Way way = segment->type == TR_STR ? leaveStraight(ray, segment, entered, rangeM)
                                            : leaveCurve(ray, segment, entered, rangeM);
    if (way.exit == Exit::None) return rangeM;
    if (way.exit == Exit::Edge) return float(way.distance);
    entered = way.distance;
    segment = way.exit == Exit::End ? segment->next : segment->prev;
  }
  return rangeM;
}

}  // namespace scr
