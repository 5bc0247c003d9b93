// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <track.h>

namespace scr {

/// Distance from a point on the road to the road's edge along a ray, m, at most `rangeM`.
/// The ray lives in the plane: height, banking, side strips and other cars do not matter, and it sees the road only
/// (a neighbouring piece of road is hidden by the edge between).
/// @param segment the main segment that the point lies on
/// @param headingRad world heading of the ray, counter-clockwise from +X
float distanceToEdge(const tTrackSeg* segment, float x, float y, double headingRad, float rangeM);

}  // namespace scr
