/** Physics step, s (TORCS 1.3.7, src/interfaces/raceman.h, RCM_MAX_DT_SIMU). */
export const PHYSICS_STEP_S = 0.002;
/** Gravity as the game has it, m/s² (src/libs/tgf/tgf.h). */
export const GRAVITY = 9.80665;
/** Factor on damage at the skill level "semi-pro", SCR's (src/modules/simu/simuv2/categories.cpp). */
export const SKILL_DAMAGE_FACTOR = 0.8;
/** Growth of the tyre's force with slip at the same level (same file). */
export const SKILL_SKID_FACTOR = 0.3;
/** More damage than this and the car is out (the race files' "maximum dammage", its default). */
export const DAMAGE_LIMIT = 10_000;
