/** Simulated time of one step of MuJoCo, s. */
export const TIMESTEP_S = 0.02;
/** Greatest control; the motor makes 100 N of each 1. */
export const GREATEST_CONTROL = 3;
/** Half the length of the rail on which the cart's middle moves, m. */
export const RAIL_HALF_LENGTH = 1;
/** Length of the pole, m. */
export const POLE_LENGTH = 0.6;

/**
 * The cart and its pole in MuJoCo's format, from the facts of Gymnasium's InvertedPendulum-v5: masses by the density of
 * water (a capsule of 0.1 m radius and 0.2 m length; one of 0.049 m and 0.6 m, its end 1 mm aside, which is why an
 * untouched pole falls), both joints damped by 1, a slide of ±1 m, a hinge of ±90°, nothing that collides, Runge-Kutta
 * of fourth order. Only what moves is here: the rail is the picture's.
 */
export const INVERTED_PENDULUM_MODEL = `
<mujoco model="inverted-pendulum">
  <option integrator="RK4" timestep="${TIMESTEP_S}" gravity="0 0 -9.81">
    <flag contact="disable"/>
  </option>
  <size memory="256K"/>
  <default>
    <geom type="capsule" density="1000"/>
    <joint damping="1" armature="0" limited="true"/>
  </default>
  <worldbody>
    <body name="cart">
      <joint name="rail" type="slide" axis="1 0 0" range="${-RAIL_HALF_LENGTH} ${RAIL_HALF_LENGTH}"/>
      <geom fromto="-0.1 0 0 0.1 0 0" size="0.1"/>
      <body name="pole">
        <joint name="pivot" type="hinge" axis="0 1 0" range="-90 90"/>
        <geom fromto="0 0 0 0.001 0 ${POLE_LENGTH}" size="0.049"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="rail" gear="100" ctrllimited="true" ctrlrange="${-GREATEST_CONTROL} ${GREATEST_CONTROL}"/>
  </actuator>
</mujoco>`;
