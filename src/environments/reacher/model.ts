/** Simulated time of one step of MuJoCo, s. */
export const TIMESTEP_S = 0.01;
/** Length of each of the arm's two links, and of the finger beyond them, m. */
export const LINK_LENGTH = 0.1;
export const FINGER_LENGTH = 0.01;
/** The elbow's stops, radians. */
export const ELBOW_LIMIT = 3;
/** Bounds of the target's place along each axis, m. */
export const TARGET_LIMIT = 0.27;

/** Numbers of the bodies in the model, the world being 0. */
export const FINGER_TIP_BODY = 3;
export const TARGET_BODY = 4;

/**
 * The arm and its target in MuJoCo's format, from the facts of Gymnasium's Reacher-v5: two links (capsules of 1 cm radius
 * and 10 cm, with the density of water) that turn about vertical axes, joints with an armature of 1 and a damping of 1,
 * an elbow of ±3 radians, a finger tip and a target of 1 cm and 9 mm radius, motors of gear 200, nothing that collides,
 * Runge-Kutta of fourth order. The target slides without damping in MuJoCo's equations, too; nothing pushes it.
 */
export const REACHER_MODEL = `
<mujoco model="reacher">
  <compiler angle="radian"/>
  <option integrator="RK4" timestep="${TIMESTEP_S}" gravity="0 0 -9.81">
    <flag contact="disable"/>
  </option>
  <size memory="256K"/>
  <default>
    <geom type="capsule" density="1000" size="0.01"/>
    <motor gear="200" ctrllimited="true" ctrlrange="-1 1"/>
    <default class="arm">
      <joint type="hinge" axis="0 0 1" damping="1" armature="1"/>
    </default>
    <default class="target">
      <joint type="slide" damping="0" armature="0" limited="true" range="${-TARGET_LIMIT} ${TARGET_LIMIT}"/>
    </default>
  </default>
  <worldbody>
    <body name="upper-arm" pos="0 0 0.01">
      <joint class="arm" name="shoulder" limited="false"/>
      <geom fromto="0 0 0 ${LINK_LENGTH} 0 0"/>
      <body name="forearm" pos="${LINK_LENGTH} 0 0">
        <joint class="arm" name="elbow" limited="true" range="${-ELBOW_LIMIT} ${ELBOW_LIMIT}"/>
        <geom fromto="0 0 0 ${LINK_LENGTH} 0 0"/>
        <body name="finger-tip" pos="${LINK_LENGTH + FINGER_LENGTH} 0 0">
          <geom type="sphere"/>
        </body>
      </body>
    </body>
    <body name="target" pos="0.1 -0.1 0.01">
      <joint class="target" name="target-x" axis="1 0 0" ref="0.1"/>
      <joint class="target" name="target-y" axis="0 1 0" ref="-0.1"/>
      <geom type="sphere" size="0.009"/>
    </body>
  </worldbody>
  <actuator>
    <motor joint="shoulder"/>
    <motor joint="elbow"/>
  </actuator>
</mujoco>`;
